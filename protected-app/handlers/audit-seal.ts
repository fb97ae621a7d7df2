import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { sealAll } from '../audit/seal/seal.ts';
import { createLog } from '../shared/log.ts';
import { metricCounter } from '../shared/metrics.ts';
import type { LambdaInvocation } from '../worker/salesforce/push-messages.ts';
import { variable } from './environment.ts';

const deps = {
  tables: {
    client: new DynamoDBClient(),
    events: variable('APP_AUDIT_EVENTS'),
    ledger: variable('APP_AUDIT_LEDGER'),
  },
  bucket: { s3: new S3Client(), name: variable('APP_AUDIT_BUCKET') },
  signer: { kms: new KMSClient(), keyId: variable('APP_AUDIT_SIGNING_KEY') },
  account: variable('APP_ACCOUNT'),
  region: variable('APP_REGION'),
  // The bundle brings the one file that verifies evidence; nothing here is part of it.
  verifier: readFileSync(join(import.meta.dirname, 'verify.mjs'), 'utf8'),
  now: Date.now,
  count: metricCounter(variable('APP_FUNCTION')),
};

/** The schedule's event says only that it is time. */
export const handler = async (
  _event: unknown,
  { awsRequestId, getRemainingTimeInMillis }: LambdaInvocation,
): Promise<{ readonly sealed: number }> => ({
  sealed: await sealAll(
    { ...deps, log: createLog(variable('APP_FUNCTION'), awsRequestId) },
    Date.now() + getRemainingTimeInMillis(),
  ),
});
