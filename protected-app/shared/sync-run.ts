import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { runId, syncRun } from '../schemas/salesforce.ts';

/** A message in the queue names the run only. */
export const pushMessage = z.strictObject({ id: runId });

/** A run as it is stored. Each line of its activity is an item of its own. */
export const runItem = syncRun
  .omit({ id: true, activity: true })
  .extend({ run: runId, entry: z.literal('run'), correlationId: z.string(), expiresAt: z.int() });

/**
 * The lock of the push: the run that holds it until then (milliseconds since 1970; 0: free), and
 * the invocation that works on the run. The lock of a worker that dies expires.
 */
export const lockItem = z.object({
  run: z.literal('lock'),
  entry: z.literal('push'),
  holder: runId,
  until: z.int(),
  worker: z.string().optional(),
});

export const activityItem = z.object({ at: z.iso.datetime(), what: z.string() });

export type RunItem = z.infer<typeof runItem>;
export type LockItem = z.infer<typeof lockItem>;

export const runKey = (id: string) => ({ run: id, entry: 'run' });
export const lockKey = { run: 'lock', entry: 'push' } as const;
export const activityPrefix = 'activity#';

const retentionMs = 90 * 24 * 3_600_000;

/** In seconds, as DynamoDB's TTL is. */
export const expiryOf = (now: number): number => Math.ceil((now + retentionMs) / 1_000);

/** Writes one line of a run's activity. `number` keeps lines of the same millisecond apart. */
export const activityPut = (
  TableName: string,
  {
    id,
    at,
    number,
    what,
  }: { readonly id: string; readonly at: number; readonly number: number; readonly what: string },
): TransactWriteItem => {
  const time = new Date(at).toISOString();
  const sortKey = `${activityPrefix}${time}#${String(number).padStart(6, '0')}`;
  return {
    Put: {
      TableName,
      Item: marshall({ run: id, entry: sortKey, at: time, what, expiresAt: expiryOf(at) }),
    },
  };
};
