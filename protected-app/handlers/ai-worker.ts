import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { auditedBatch } from '../shared/audit-work.ts';
import { createLog } from '../shared/log.ts';
import { metricCounter, spentCounter } from '../shared/metrics.ts';
import { questionItem } from '../shared/question-item.ts';
import { secretReader } from '../shared/secret.ts';
import { getItem } from '../shared/table.ts';
import { aiSettings, limitsOf, openAiSecret } from '../worker/ai-settings.ts';
import { customerReader } from '../worker/customers.ts';
import type { PrepareModel } from '../worker/model.ts';
import { questionBatch } from '../worker/question-batch.ts';
import { writeAudit } from './audit.ts';
import { endpointOnLoopback, variable } from './environment.ts';

const settings = aiSettings.parse(JSON.parse(variable('APP_AI')));
const dynamo = new DynamoDBClient();
const now = Date.now;

const secret = () =>
  secretReader(openAiSecret, {
    client: new SecretsManagerClient(),
    id: variable('APP_OPENAI_SECRET'),
    now,
  });

/**
 * The provider's SDK is half of the bundle, so it is loaded with the first question and not at the
 * cold start.
 */
const load = async (): Promise<PrepareModel> => {
  const {
    bedrockProvider: onBedrock,
    openAiProvider: openAi,
    readyModel,
  } = await import('../worker/provider.ts');
  const loopback = endpointOnLoopback() !== undefined;
  return readyModel(
    settings.provider === 'bedrock'
      ? onBedrock({ credentials: defaultProvider() })
      : openAi(secret(), { loopback }),
    settings,
  );
};
let loaded: Promise<PrepareModel> | undefined;
const model: PrepareModel = async () => {
  loaded ??= load();
  return (await loaded)();
};

const work = questionBatch({
  sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
  queueUrl: variable('APP_QUESTION_QUEUE_URL'),
  worker: {
    books: {
      dynamo,
      queries: variable('APP_TABLE_QUERIES'),
      budgets: variable('APP_TABLE_BUDGETS'),
      limits: limitsOf(settings),
      now,
    },
    findQuestion: (id) =>
      getItem(questionItem, { client: dynamo, name: variable('APP_TABLE_QUERIES') }, { id }),
    readCustomers: customerReader({ client: dynamo, name: variable('APP_TABLE_CUSTOMERS') }),
    model,
    maxOutputTokens: settings.maxOutputTokens,
    count: metricCounter(variable('APP_FUNCTION')),
    countSpent: spentCounter(),
    newId: randomUUID,
  },
  log: (correlationId) => createLog(variable('APP_FUNCTION'), correlationId),
});

export const handler = auditedBatch(
  writeAudit(),
  { action: 'ai.question.answer', kind: 'question' },
  work,
);
