import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { runId, syncRun } from '../schemas/salesforce.ts';

/** The message that asks a worker to push: it names the run only. */
export const pushMessage = z.strictObject({ id: runId });

/**
 * A run, which pushes the pending changes of customers to Salesforce, as the table stores it. `run`
 * is the partition key and `entry` the sort key. Each line of a run's activity is an item of its
 * own.
 */
export const runItem = syncRun
  .omit({ id: true, activity: true })
  .extend({ run: runId, entry: z.literal('run'), correlationId: z.string(), expiresAt: z.int() });

/**
 * The lock that lets one run push at a time. The request that starts a run takes the lock; the
 * worker that receives the run extends it. The lock expires, so a worker that dies does not keep
 * it.
 */
export const lockItem = z.object({
  run: z.literal('lock'),
  entry: z.literal('push'),
  /** The run that has the lock. */
  holder: runId,
  /** The expiry, in milliseconds since 1970; 0 when the lock was released. */
  until: z.int(),
  /** The Lambda invocation that pushes the run; missing while the run waits in the queue. */
  worker: z.string().optional(),
});

export const activityItem = z.object({ at: z.iso.datetime(), what: z.string() });

export type RunItem = z.infer<typeof runItem>;
export type LockItem = z.infer<typeof lockItem>;

export const runKey = (id: string) => ({ run: id, entry: 'run' });
export const lockKey = { run: 'lock', entry: 'push' } as const;
export const activityPrefix = 'activity#';

const retentionMs = 90 * 24 * 3_600_000;

/** When DynamoDB removes an item that is written now, in the seconds that its TTL expects. */
export const expiryOf = (now: number): number => Math.ceil((now + retentionMs) / 1_000);

/**
 * The write of one line of a run's activity, for a transaction. `number` counts the lines of one
 * worker, so that two lines of the same millisecond have different keys and stay in order.
 */
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
