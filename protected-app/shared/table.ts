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

export interface TableHandle {
  readonly client: DynamoDBClient;
  readonly name: string;
}

/** Reads an item by its key, consistently. */
export const getItem = async <Schema extends z.ZodType>(
  schema: Schema,
  { client, name }: TableHandle,
  key: Readonly<Record<string, string>>,
): Promise<z.infer<Schema> | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: name, Key: marshall(key), ConsistentRead: true }),
  );
  return Item && schema.parse(unmarshall(Item));
};

/** One write of a transaction; its label names it when its condition fails. */
export interface TransactionStep<Label extends string = string> {
  readonly label: Label;
  readonly write: TransactWriteItem;
}

const maxAttempts = 6;
const pauseMs = (attempt: number): number => Math.random() * 25 * 2 ** attempt;

const conflictDetail =
  'Other requests are changing the same record. Nothing was changed; ' +
  'send the request again after the seconds in Retry-After.';

export const conflictProblem = (): HttpProblem =>
  new HttpProblem(503, conflictDetail, { headers: { 'Retry-After': '1' } });

/**
 * Writes all steps or none, and answers with the labels of the steps whose conditions failed; none
 * means that everything was written. A transaction that only collided with another is tried again.
 */
export const transact = async <Label extends string>(
  client: Pick<DynamoDBClient, 'send'>,
  steps: readonly TransactionStep<Label>[],
): Promise<readonly Label[]> => {
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const codes = await cancellationCodes(client, steps);
    const refused = steps
      .filter((_, index) => codes[index] === 'ConditionalCheckFailed')
      .map(({ label }) => label);
    if (codes.length === 0 || refused.length > 0) return refused;
    await new Promise((resume) => setTimeout(resume, pauseMs(attempt)));
  }
  throw conflictProblem();
};

const expectedCodes = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/** The code of each step that was cancelled; none when all were written. */
const cancellationCodes = async (
  client: Pick<DynamoDBClient, 'send'>,
  steps: readonly TransactionStep[],
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
    if (codes.length !== steps.length || codes.some((code) => !expectedCodes.has(code)))
      throw error;
    return codes;
  }
};
