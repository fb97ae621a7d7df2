import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { runId, syncRun } from '../schemas/salesforce.ts';

/** What waits in the queue: only which run. */
export const pushMessage = z.strictObject({ id: runId });

/** A run as it lies in the table; its activity lies beside it, one item each. */
export const runItem = syncRun
  .omit({ id: true, activity: true })
  .extend({ run: runId, entry: z.literal('run'), correlationId: z.string(), expiresAt: z.int() });

/**
 * Who may push. The run that holds it until then (milliseconds since 1970; 0: nobody), and the
 * invocation that works on it. Whoever dies loses it when the time is over.
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

const keptMs = 90 * 24 * 3_600_000;

/** In seconds, as DynamoDB wants it. */
export const expiryOf = (now: number): number => Math.ceil((now + keptMs) / 1_000);

/** One line of what a run did. `number` keeps lines of the same millisecond apart. */
export const activityPut = (
  TableName: string,
  {
    id,
    at,
    number,
    what,
  }: { readonly id: string; readonly at: number; readonly number: number; readonly what: string },
): TransactWriteItem => {
  const when = new Date(at).toISOString();
  const entry = `${activityPrefix}${when}#${String(number).padStart(6, '0')}`;
  return {
    Put: { TableName, Item: marshall({ run: id, entry, at: when, what, expiresAt: expiryOf(at) }) },
  };
};
