import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { ingestBatch } from '../audit/ingest/ingest.ts';
import { keyOfSecret } from '../audit/ingest/obfuscate.ts';
import { auditSystems } from '../audit/schemas/event.ts';
import { createLog } from '../shared/log.ts';
import { metricCounter } from '../shared/metrics.ts';
import { secretReader } from '../shared/secret.ts';
import { variable } from './environment.ts';

const publishers = z
  .object({
    systems: z.record(z.string(), z.enum(auditSystems)),
    functions: z.record(z.enum(auditSystems), z.array(z.string())),
  })
  .parse(JSON.parse(variable('APP_AUDIT_PUBLISHERS')));

const readSecret = secretReader(z.object({ key: z.string().min(32) }), {
  client: new SecretsManagerClient(),
  id: variable('APP_AUDIT_SECRET'),
  now: Date.now,
});

export const handler = ingestBatch({
  tables: {
    client: new DynamoDBClient(),
    events: variable('APP_AUDIT_EVENTS'),
    ledger: variable('APP_AUDIT_LEDGER'),
  },
  sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
  givenUpUrl: variable('APP_AUDIT_GIVEN_UP_URL'),
  publishers,
  readKey: async () => keyOfSecret((await readSecret()).key),
  now: Date.now,
  count: metricCounter(variable('APP_FUNCTION')),
  log: createLog(variable('APP_FUNCTION'), 'batch'),
});
