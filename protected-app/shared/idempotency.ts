import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { idempotencyKey } from '../schemas/headers.ts';
import { HttpProblem } from './problem.ts';
import { getItem, type TableHandle, type TransactionStep } from './table.ts';

const retentionSeconds = 24 * 60 * 60;
const invalidKey =
  'The Idempotency-Key must be 8 to 64 letters, digits or the characters . : _ - (such as a UUID).';

const record = z.object({
  key: z.string(),
  request: z.string(),
  answer: z.unknown(),
  expiresAt: z.number(),
});

interface IdempotencyScope {
  readonly table: TableHandle;
  readonly now: () => number;
  /** The same key on another route or of another user is another key. */
  readonly route: string;
  readonly sub: string;
}

/** A request that a client may repeat and the API processes once. */
export interface IdempotentRequest {
  /** The answer that was given before; throws a 422 if the key came with another body. */
  readonly findAnswer: () => Promise<unknown>;
  /** The step that stores the answer, for the transaction that makes the change. */
  readonly rememberStep: (answer: unknown) => TransactionStep;
}

/**
 * Reads `Idempotency-Key`; `undefined` without one. `body` is the parsed one, so that white space
 * in the JSON makes no difference.
 */
export const readIdempotencyKey = (
  header: string | undefined,
  body: unknown,
  { table, now, route, sub }: IdempotencyScope,
): IdempotentRequest | undefined => {
  if (header === undefined) return undefined;
  if (!idempotencyKey.safeParse(header).success) throw new HttpProblem(400, invalidKey);
  const key = `${route}#${sub}#${header.replaceAll('"', '')}`;
  const request = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
  const nowSeconds = () => Math.floor(now() / 1_000);
  return {
    findAnswer: async () => {
      const remembered = await getItem(record, table, { key });
      if (remembered === undefined || remembered.expiresAt <= nowSeconds()) return undefined;
      if (remembered.request !== request)
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
            { key, request, answer, expiresAt: nowSeconds() + retentionSeconds },
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
