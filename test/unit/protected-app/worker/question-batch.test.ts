import { DynamoDBClient, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import type { QuestionItem } from '../../../../protected-app/shared/question-item.ts';
import type { ModelOutcome } from '../../../../protected-app/worker/model.ts';
import { questionBatch } from '../../../../protected-app/worker/question-batch.ts';

const now = Date.parse('2026-12-01T10:00:00.000Z');
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

const questionOf = (id: string, state: QuestionItem['state']): QuestionItem => ({
  ...{ id, state, question: 'Who?', customerIds: [], owner: 'an owner', administrator: false },
  ...{ askedAt: new Date(now).toISOString(), correlationId: 'c-1', expiresAt: now + 1 },
});

const answered = (outcomes: Readonly<Record<string, ModelOutcome>>, states = {}) => {
  mockClient(DynamoDBClient).on(TransactWriteItemsCommand).resolves({});
  const asked: string[] = [];
  const known: Readonly<Record<string, QuestionItem['state']>> = states;
  const handle = questionBatch({
    sqs: new SQSClient(),
    queueUrl: 'https://queue',
    worker: {
      books: {
        dynamo: new DynamoDBClient(),
        ...{ queries: 'queries', budgets: 'budgets', now: () => now },
        limits: { own: 1_000_000, common: 1_000_000 },
      },
      findQuestion: async (id) => {
        asked.push(id);
        return questionOf(id, known[id] ?? 'queued');
      },
      readCustomers: async () => [],
      model: async () => async () => {
        const outcome = outcomes[asked.at(-1) ?? ''];
        if (outcome === undefined) throw new Error('the model was not to be asked');
        return outcome;
      },
      maxOutputTokens: 10,
      ...{ count: () => undefined, countSpent: () => undefined, newId: () => 'worker-1' },
    },
    log: () => silent,
  });
  return (id: string) =>
    handle(
      {
        Records: [
          {
            ...{ messageId: `m-${id.slice(-1)}`, receiptHandle: 'r', body: JSON.stringify({ id }) },
            attributes: { ApproximateReceiveCount: '1' },
          },
        ],
      },
      { getRemainingTimeInMillis: () => 60_000 },
    );
};

const idOf = (last: number): string => `00000000-0000-4000-8000-00000000000${last}`;
const detail = {};

it('says which messages are done with whose question has no answer', async () => {
  const handle = answered(
    {
      [idOf(1)]: {
        ...{ kind: 'written', tokens: 5, detail },
        text: JSON.stringify({ answer: 'Nobody.', sources: [] }),
      },
      [idOf(2)]: { kind: 'unusable', reason: 'The answer was cut off.', tokens: 5, detail },
      [idOf(3)]: { kind: 'written', text: 'no JSON', tokens: 5, detail },
    },
    { [idOf(4)]: 'failed', [idOf(5)]: 'succeeded' },
  );
  const said = [];
  for (const last of [1, 2, 3, 4, 5]) said.push(await handle(idOf(last)));

  const whole = { batchItemFailures: [] };
  expect(said).toEqual([
    whole,
    { ...whole, failed: ['m-2'] },
    { ...whole, failed: ['m-3'] },
    { ...whole, failed: ['m-4'] },
    whole,
  ]);
});
