import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { question } from '../schemas/ai.ts';
import type { Handle } from '../shared/http.ts';
import type { Log } from '../shared/log.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { keptMs, type QuestionItem } from '../shared/question-item.ts';
import type { QuestionMessage } from '../shared/question-message.ts';

interface Asking {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly table: string;
  readonly queueUrl: string;
  readonly now: () => number;
  readonly newId: () => string;
}

/** Asking the model takes seconds: a client that asks earlier only asks more often. */
const secondsToWait = 2;

/**
 * `POST /ai/query`: writes the question down, then puts it into the queue; the answer comes later.
 */
export const ask =
  (asking: Asking): Handle =>
  async ({ caller, body, requestId, log }) => {
    const asked = read(question, body, 'body');
    const item: QuestionItem = {
      ...asked,
      customerIds: [...new Set(asked.customerIds)],
      id: asking.newId(),
      owner: caller.sub,
      administrator: caller.administrator,
      state: 'queued',
      askedAt: new Date(asking.now()).toISOString(),
      correlationId: requestId,
      expiresAt: Math.ceil((asking.now() + keptMs) / 1_000),
    };
    await put(asking, item, { ConditionExpression: 'attribute_not_exists(id)' });
    await enqueue(asking, item).catch((error: unknown) => notQueued(asking, item, log, error));
    return {
      status: 202,
      body: { id: item.id, state: item.state },
      headers: { Location: `/ai/query/${item.id}`, 'Retry-After': String(secondsToWait) },
    };
  };

type When = Pick<
  PutItemCommand['input'],
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

const put = ({ dynamo, table }: Asking, item: QuestionItem, when: When) =>
  dynamo.send(
    new PutItemCommand({
      TableName: table,
      Item: marshall(item, { removeUndefinedValues: true }),
      ...when,
    }),
  );

const enqueue = ({ sqs, queueUrl }: Asking, { id, correlationId }: QuestionItem) => {
  const message: QuestionMessage = { id };
  return sqs.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      MessageBody: JSON.stringify(message),
      MessageAttributes: { correlationId: { DataType: 'String', StringValue: correlationId } },
    }),
  );
};

/**
 * The question says that it failed; where even that cannot be written, it expires. Where a worker
 * has it already, it did get into the queue after all.
 */
const notQueued = async (
  asking: Asking,
  item: QuestionItem,
  log: Log,
  error: unknown,
): Promise<void> => {
  log.error('a question could not be queued', { query: item.id, error });
  const ended = {
    endedAt: new Date(asking.now()).toISOString(),
    reason: 'It could not be put into the queue. Ask again.',
  };
  const stillQueued: When = {
    ConditionExpression: '#state = :queued',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':queued': { S: 'queued' } },
  };
  const refused = await put(asking, { ...item, ...ended, state: 'failed' }, stillQueued).then(
    () => undefined,
    (why: unknown) => why,
  );
  if (refused instanceof ConditionalCheckFailedException) return;
  if (refused !== undefined)
    log.error('nor could it be marked as failed', { query: item.id, error: refused });
  throw new HttpProblem(503, 'The question could not be queued. Ask again.', {
    headers: { 'Retry-After': '5' },
  });
};
