import { ConditionalCheckFailedException, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { question } from '../schemas/ai.ts';
import type { RouteHandler } from '../shared/http.ts';
import type { AppLog } from '../shared/log.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { type QuestionItem, questionRetentionMs } from '../shared/question-item.ts';
import type { QuestionMessage } from '../shared/question-message.ts';
import { type BudgetDeps, refuseIfSpent } from './ask-budget.ts';

interface AskDeps extends BudgetDeps {
  readonly sqs: SQSClient;
  readonly table: string;
  readonly queueUrl: string;
  readonly newId: () => string;
}

/** An answer takes seconds, so asking earlier is of no use. */
const secondsToWait = 2;

/** `POST /ai/query`: stores the question, then queues it. The answer comes later. */
export const ask =
  (deps: AskDeps): RouteHandler =>
  async ({ caller, body, requestId, log }) => {
    const input = read(question, body, 'body');
    await refuseIfSpent(deps, caller.sub);
    const queued: QuestionItem = {
      ...input,
      customerIds: [...new Set(input.customerIds)],
      id: deps.newId(),
      owner: caller.sub,
      administrator: caller.isAdministrator,
      state: 'queued',
      askedAt: new Date(deps.now()).toISOString(),
      correlationId: requestId,
      expiresAt: Math.ceil((deps.now() + questionRetentionMs) / 1_000),
    };
    await putQuestion(deps, queued, { ConditionExpression: 'attribute_not_exists(id)' });
    await enqueue(deps, queued).catch((error: unknown) => failUnqueued(deps, queued, log, error));
    return {
      status: 202,
      body: { id: queued.id, state: queued.state },
      headers: { Location: `/ai/query/${queued.id}`, 'Retry-After': String(secondsToWait) },
    };
  };

type WriteCondition = Pick<
  PutItemCommand['input'],
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

const putQuestion = ({ dynamo, table }: AskDeps, stored: QuestionItem, condition: WriteCondition) =>
  dynamo.send(
    new PutItemCommand({
      TableName: table,
      Item: marshall(stored, { removeUndefinedValues: true }),
      ...condition,
    }),
  );

const enqueue = ({ sqs, queueUrl }: AskDeps, { id, correlationId }: QuestionItem) => {
  const message: QuestionMessage = { id };
  return sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify(message),
      MessageAttributes: { correlationId: { DataType: 'String', StringValue: correlationId } },
    }),
  );
};

const unqueuedDetail =
  'The question could not be queued and will not be answered. ' +
  'Ask again after the seconds in Retry-After.';

/**
 * Marks the question as failed; if that fails too, it expires. If a worker has it already, the
 * message was sent after all.
 */
const failUnqueued = async (
  deps: AskDeps,
  unqueued: QuestionItem,
  log: AppLog,
  error: unknown,
): Promise<void> => {
  log.error('a question could not be queued', { query: unqueued.id, error });
  const ending = {
    endedAt: new Date(deps.now()).toISOString(),
    reason: 'The question could not be queued. Ask again.',
  };
  const isStillQueued: WriteCondition = {
    ConditionExpression: '#state = :queued',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':queued': { S: 'queued' } },
  };
  const writeError = await putQuestion(
    deps,
    { ...unqueued, ...ending, state: 'failed' },
    isStillQueued,
  ).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (writeError instanceof ConditionalCheckFailedException) return;
  if (writeError !== undefined)
    log.error('nor could it be marked as failed', { query: unqueued.id, error: writeError });
  throw new HttpProblem(503, unqueuedDetail, { headers: { 'Retry-After': '5' } });
};
