import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ask } from '../api/ask.ts';
import { api, variable } from './environment.ts';

export const handler = api({
  'POST /ai/query': ask({
    dynamo: new DynamoDBClient(),
    sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
    table: variable('APP_TABLE_QUERIES'),
    queueUrl: variable('APP_QUESTION_QUEUE_URL'),
    now: Date.now,
    newId: randomUUID,
  }),
});
