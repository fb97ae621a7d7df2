import * as z from 'zod';

export const runId = z.uuid();
export const runPath = z.object({ id: runId });

/** The body may be empty: a manual run pushes all pending changes. */
export const syncRequest = z.strictObject({});

export const runState = z.enum(['queued', 'running', 'succeeded', 'failed']);

export const syncRun = z.object({
  id: runId,
  state: runState,
  startedAt: z.iso.datetime(),
  startedBy: z.string(),
  endedAt: z.iso.datetime().nullable(),
  pushed: z.int(),
  failed: z.int(),
  activity: z
    .array(z.object({ at: z.iso.datetime(), what: z.string() }))
    .describe('The newest 100 entries.'),
  reason: z.string().nullable(),
});

export type SyncRun = z.infer<typeof syncRun>;
