import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { latestSync, syncStatus } from '../api/salesforce-status.ts';
import { startSync } from '../api/salesforce-sync.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const runs = { client: new DynamoDBClient(), name: variable('APP_TABLE_SYNC_RUNS') };
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

export const handler = api({
  'POST /salesforce/sync': startSync({
    runs,
    sqs,
    queueUrl: variable('APP_PUSH_QUEUE_URL'),
    now: Date.now,
    newId: randomUUID,
  }),
  'GET /salesforce/sync': latestSync({ runs, now: Date.now }),
  'GET /salesforce/sync/{id}': syncStatus({ runs, now: Date.now }),
});
