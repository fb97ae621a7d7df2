import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { auditRoutes } from '../audit/api/handlers.ts';
import { auditReaders, readerOf } from '../audit/api/reader.ts';
import { serve } from '../shared/http.ts';
import { createLog } from '../shared/log.ts';
import { variable } from './environment.ts';

const readers = auditReaders.parse(JSON.parse(variable('APP_AUDIT_READERS')));

export const handler = serve(
  auditRoutes({
    tables: {
      client: new DynamoDBClient(),
      events: variable('APP_AUDIT_EVENTS'),
      ledger: variable('APP_AUDIT_LEDGER'),
    },
    bucket: { s3: new S3Client(), name: variable('APP_AUDIT_BUCKET') },
    now: Date.now,
  }),
  {
    readCaller: async (_authorization, { requestContext }) =>
      readerOf(readers, requestContext.identity?.userArn),
    log: (requestId) => createLog(variable('APP_FUNCTION'), requestId),
  },
);
