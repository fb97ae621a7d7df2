import type { SyncRun } from '../schemas/salesforce.ts';
import type { RunItem } from '../shared/sync-run.ts';

/** The part of a run that administrators see. */
export const syncRunOf = (
  { run, state, startedAt, startedBy, endedAt, pushed, failed, reason }: RunItem,
  activity: SyncRun['activity'],
): SyncRun => ({
  ...{ id: run, state, startedAt, startedBy, endedAt, pushed, failed, activity, reason },
});
