import type { SyncRun } from '../api/calls.ts';

export const isRunning = ({ state }: Pick<SyncRun, 'state'>): boolean =>
  state === 'queued' || state === 'running';

export const runWords = {
  queued: { label: 'Waiting', tone: 'accent' },
  running: { label: 'Running', tone: 'accent' },
  succeeded: { label: 'Done', tone: 'success' },
  failed: { label: 'Failed', tone: 'danger' },
} as const satisfies Record<SyncRun['state'], { label: string; tone: string }>;

/** The id of a run in the `Location` of a refusal: the run that is in progress. */
export const runIn = (location: string | undefined): string | undefined =>
  /\/salesforce\/sync\/([\w-]{1,64})$/.exec(location ?? '')?.[1];
