import {
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type * as z from 'zod';
import { HttpProblem } from './problem.ts';

export interface Table {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/** An item by its key, as it is now. */
export const getItem = async <Schema extends z.ZodType>(
  schema: Schema,
  { client, name }: Table,
  key: Readonly<Record<string, string>>,
): Promise<z.infer<Schema> | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: name, Key: marshall(key), ConsistentRead: true }),
  );
  return Item && schema.parse(unmarshall(Item));
};

/** One write of a transaction; `as` is what it is called when its condition refuses. */
export interface Step {
  readonly as: string;
  readonly write: TransactWriteItem;
}

const tries = 6;
const pauseMs = (tried: number): number => Math.random() * 25 * 2 ** tried;

export const busy = (): HttpProblem =>
  new HttpProblem(503, 'Too many changes to the same thing at once.', {
    headers: { 'Retry-After': '1' },
  });

/**
 * All writes or none. Answers with the steps whose conditions refused: none, when everything was
 * written. A transaction that only met another one is tried again.
 */
export const transact = async (
  client: Pick<DynamoDBClient, 'send'>,
  steps: readonly Step[],
): Promise<readonly string[]> => {
  for (let tried = 0; tried < tries; tried += 1) {
    const codes = await cancelled(client, steps);
    const refused = steps
      .filter((_, index) => codes[index] === 'ConditionalCheckFailed')
      .map(({ as }) => as);
    if (codes.length === 0 || refused.length > 0) return refused;
    await new Promise((done) => setTimeout(done, pauseMs(tried)));
  }
  throw busy();
};

const passing = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** Why each step was not written; nothing, when all were. */
const cancelled = async (
  client: Pick<DynamoDBClient, 'send'>,
  steps: readonly Step[],
): Promise<readonly string[]> => {
  try {
    await client.send(
      new TransactWriteItemsCommand({ TransactItems: steps.map(({ write }) => write) }),
    );
    return [];
  } catch (error) {
    const codes =
      error instanceof TransactionCanceledException
        ? (error.CancellationReasons ?? []).map(({ Code = 'None' }) => Code)
        : [];
    if (codes.length !== steps.length || codes.some((code) => !passing.has(code))) throw error;
    return codes;
  }
};
