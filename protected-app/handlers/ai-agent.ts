import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ask } from '../api/ask.ts';
import { ownBudget } from '../api/ask-budget.ts';
import { spentCounter } from '../shared/metrics.ts';
import { aiSettings, limitsOf } from '../worker/ai-settings.ts';
import { api } from './api.ts';
import { variable } from './environment.ts';

const settings = aiSettings.parse(JSON.parse(variable('APP_AI')));

const budget = {
  dynamo: new DynamoDBClient(),
  budgets: variable('APP_TABLE_BUDGETS'),
  limits: limitsOf(settings),
  maxOutputTokens: settings.maxOutputTokens,
  now: Date.now,
};

export const handler = api({
  'POST /ai/query': ask({
    ...budget,
    sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
    table: variable('APP_TABLE_QUERIES'),
    queueUrl: variable('APP_QUESTION_QUEUE_URL'),
    countSpent: spentCounter(),
    newId: randomUUID,
  }),
  'GET /ai/budget': ownBudget(budget),
});
