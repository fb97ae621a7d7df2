import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { clientConfig } from '../../local/engine/clients.ts';
import { startOpenAi } from '../../local/stand-ins/openai.ts';
import { ask } from '../../protected-app/api/ask.ts';
import { type QuestionItem, questionItem } from '../../protected-app/shared/question-item.ts';
import type { Line } from './statistics.ts';
import { type DeploymentOutputs, type EngineAddress, inParallel } from './targets.ts';

/** What became of questions that were queued at once. */
interface QuestionRound {
  readonly questions: readonly QuestionItem[];
  /** From the first question to the last answer. */
  readonly ms: number;
}

/**
 * How long the model takes for an answer; a real one takes longer, which only hides what we
 * measure.
 */
const modelMs = 200;
const patienceMs = 300_000;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * Everybody's questions come from one person: all of them take from the same budget, the worst that
 * can happen to it.
 */
const askAll = async (
  at: EngineAddress,
  { QueriesTableName = '', QuestionQueueUrl = '', BudgetsTableName = '' }: DeploymentOutputs,
  count: number,
): Promise<string> => {
  const sub = randomUUID();
  const handle = ask({
    dynamo: new DynamoDBClient(clientConfig(at)),
    sqs: new SQSClient(clientConfig(at)),
    table: QueriesTableName,
    queueUrl: QuestionQueueUrl,
    budgets: BudgetsTableName,
    limits: { own: Number.MAX_SAFE_INTEGER, common: Number.MAX_SAFE_INTEGER },
    maxOutputTokens: 0,
    countSpent: () => undefined,
    now: Date.now,
    newId: randomUUID,
  });
  const request = {
    caller: { sub, isAdministrator: false },
    path: {},
    query: {},
    headers: {},
    requestId: 'bench',
    log: silent,
  };
  await inParallel(
    Array.from({ length: count }, (_, index) => ({
      question: `Question ${index}?`,
      customerIds: [],
    })),
    25,
    (body) => handle({ ...request, body }),
  );
  return sub;
};

const questionsOf = async (
  at: EngineAddress,
  { QueriesTableName = '' }: DeploymentOutputs,
  owner: string,
): Promise<readonly QuestionItem[]> => {
  const questions: QuestionItem[] = [];
  const query = {
    TableName: QueriesTableName,
    IndexName: 'byOwner',
    KeyConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: marshall({ ':owner': owner }),
  };
  for await (const { Items = [] } of paginateQuery(
    { client: new DynamoDBClient(clientConfig(at)) },
    query,
  ))
    questions.push(...Items.map((item) => questionItem.parse(unmarshall(item))));
  return questions;
};

const round = async (
  at: EngineAddress,
  outputs: DeploymentOutputs,
  count: number,
): Promise<QuestionRound> => {
  const owner = await askAll(at, outputs, count);
  for (const until = Date.now() + patienceMs; ; await sleep(500)) {
    const questions = await questionsOf(at, outputs, owner);
    if (questions.every(({ endedAt }) => endedAt !== undefined) || Date.now() > until) {
      const began = Math.min(...questions.map(({ askedAt }) => Date.parse(askedAt)));
      return {
        questions,
        ms: Math.max(...questions.map(({ endedAt = '' }) => Date.parse(endedAt))) - began,
      };
    }
  }
};

/** Few questions, then many: what one costs must not depend on how many wait. */
export const questionLines = async (
  at: EngineAddress,
  outputs: DeploymentOutputs,
  many: number,
): Promise<Line[]> => {
  const openai = await startOpenAi({ port: Number(new URL(at.endpoint).port) + 3 });
  try {
    const SecretString = JSON.stringify({ apiKey: 'sk-bench', baseUrl: openai.url });
    await new SecretsManagerClient(clientConfig(at)).send(
      new PutSecretValueCommand({ SecretId: outputs.OpenAiSecretId, SecretString }),
    );
    openai.behave(() => ({ afterMs: modelMs }));
    await round(at, outputs, 20);
    const few = await round(at, outputs, many / 4);
    const before = openai.seen().length;
    const rush = await round(at, outputs, many);
    const answered = rush.questions.filter(({ state }) => state === 'succeeded').length;
    const msEachOfFew = few.ms / few.questions.length;
    const msEachOfMany = rush.ms / rush.questions.length;
    const unanswered = new Map(
      rush.questions.flatMap(({ state, reason = '' }) =>
        state === 'succeeded' ? [] : [[state, reason]],
      ),
    );
    return [
      {
        what: `${many} questions at once: not answered`,
        unit: '',
        measured: many - answered,
        most: 0,
        detail: JSON.stringify([...unanswered]),
      },
      {
        what: 'calls of the model beyond one for each',
        unit: '',
        measured: openai.seen().length - before - many,
        most: 0,
      },
      {
        what: `time for each of ${many}, against each of ${many / 4}`,
        unit: '×',
        measured: msEachOfMany / msEachOfFew,
        most: 1.3,
      },
      {
        what: `each of ${many}, the model taking ${modelMs} ms`,
        unit: 'ms',
        measured: msEachOfMany,
        detail: `each of ${many / 4}: ${msEachOfFew.toFixed(1)} ms`,
      },
    ];
  } finally {
    await openai.stop();
  }
};
