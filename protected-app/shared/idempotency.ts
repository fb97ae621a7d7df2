import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { idempotencyKey } from '../schemas/headers.ts';
import { HttpProblem } from './problem.ts';
import { getItem, type TableHandle, type TransactionStep } from './table.ts';

const retentionSeconds = 24 * 60 * 60;
const invalidKey =
  'The Idempotency-Key must be 8 to 64 letters, digits or the characters . : _ - (such as a UUID).';

/** An answer as the table stores it. `request` is the hash of the request's body. */
const answerItem = z.object({
  key: z.string(),
  request: z.string(),
  answer: z.unknown(),
  expiresAt: z.number(),
});

interface IdempotencyScope {
  readonly table: TableHandle;
  readonly now: () => number;
  /** A key counts for one route and one user: others may send the same key for another purpose. */
  readonly route: string;
  /** The user's id, from the access token. */
  readonly sub: string;
}

/** A request that a client may repeat and the API processes once. */
export interface IdempotentRequest {
  /**
   * The answer to an earlier request with this key, `undefined` if there was none. Throws a 422 if
   * that request had another body.
   */
  readonly findAnswer: () => Promise<unknown>;
  /** The step that stores the answer, for the transaction that makes the change. */
  readonly rememberStep: (answer: unknown) => TransactionStep;
}

/**
 * Reads the header `Idempotency-Key`; `undefined` if the request has none. `body` is parsed
 * already, so that white space in the JSON makes no difference.
 */
export const readIdempotencyKey = (
  header: string | undefined,
  body: unknown,
  { table, now, route, sub }: IdempotencyScope,
): IdempotentRequest | undefined => {
  if (header === undefined) return undefined;
  if (!idempotencyKey.safeParse(header).success) throw new HttpProblem(400, invalidKey);
  // A client may send the key in quotes, as the draft RFC has it, or without: both are one key.
  const key = `${route}#${sub}#${header.replaceAll('"', '')}`;
  const bodyHash = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
  const nowSeconds = () => Math.floor(now() / 1_000);
  return {
    findAnswer: async () => {
      const remembered = await getItem(answerItem, table, { key });
      if (remembered === undefined || remembered.expiresAt <= nowSeconds()) return undefined;
      if (remembered.request !== bodyHash)
        throw new HttpProblem(
          422,
          'This Idempotency-Key was sent with another body before. Send a new key.',
        );
      return remembered.answer;
    },
    rememberStep: (answer) => ({
      label: 'key',
      write: {
        Put: {
          TableName: table.name,
          Item: marshall(
            { key, request: bodyHash, answer, expiresAt: nowSeconds() + retentionSeconds },
            { removeUndefinedValues: true },
          ),
          // DynamoDB removes expired items within days, not at once.
          ConditionExpression: 'attribute_not_exists(#key) OR expiresAt <= :now',
          ExpressionAttributeNames: { '#key': 'key' },
          ExpressionAttributeValues: marshall({ ':now': nowSeconds() }),
        },
      },
    }),
  };
};
