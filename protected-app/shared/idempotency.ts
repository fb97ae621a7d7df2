import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { HttpProblem } from './problem.ts';
import { getItem, type Step, type Table } from './table.ts';

const keepSeconds = 24 * 60 * 60;
const format = /^(?:[\w.:-]{8,64}|"[\w.:-]{8,64}")$/;

const record = z.object({
  key: z.string(),
  request: z.string(),
  answer: z.unknown(),
  expiresAt: z.number(),
});

interface Scope {
  readonly table: Table;
  readonly now: () => number;
  /** Whoever sends the same key for something else, or is somebody else, means something else. */
  readonly route: string;
  readonly sub: string;
}

/** A request that may be sent several times and is done once. */
export interface Once {
  /** What was answered before; throws where the key was used for another body. */
  readonly answered: () => Promise<unknown>;
  /** Remembers the answer, in the transaction that does the thing itself. */
  readonly remember: (answer: unknown) => Step;
}

/**
 * Reads `Idempotency-Key`; without one there is nothing to remember. The body is the judged one, so
 * that blanks in the JSON make no difference.
 */
export const once = (
  header: string | undefined,
  body: unknown,
  { table, now, route, sub }: Scope,
): Once | undefined => {
  if (header === undefined) return undefined;
  if (!format.test(header))
    throw new HttpProblem(
      400,
      'The Idempotency-Key is 8 to 64 letters, digits, and any of . : _ - (for example a UUID).',
    );
  const key = `${route}#${sub}#${header.replaceAll('"', '')}`;
  const request = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
  const seconds = () => Math.floor(now() / 1_000);
  return {
    answered: async () => {
      const found = await getItem(record, table, { key });
      if (found === undefined || found.expiresAt <= seconds()) return undefined;
      if (found.request !== request)
        throw new HttpProblem(
          422,
          'This Idempotency-Key was used for another body. Take a new key.',
        );
      return found.answer;
    },
    remember: (answer) => ({
      as: 'key',
      write: {
        Put: {
          TableName: table.name,
          Item: marshall(
            { key, request, answer, expiresAt: seconds() + keepSeconds },
            { removeUndefinedValues: true },
          ),
          // DynamoDB removes what has expired within days, not at once.
          ConditionExpression: 'attribute_not_exists(#key) OR expiresAt <= :now',
          ExpressionAttributeNames: { '#key': 'key' },
          ExpressionAttributeValues: marshall({ ':now': seconds() }),
        },
      },
    }),
  };
};
