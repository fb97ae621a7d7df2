/** The index of the ledger that holds what has no seal yet, in the order in which it came. */
export const pendingIndex = 'byPending';

/** How many groups the events without a seal are spread over, because one key would be hot. */
export const pendingGroups = 16;

/** The group of an event that waits for its seal, by its hash. */
export const pendingGroupOf = (leaf: string): string => `pending#${leaf.slice(0, 1)}`;

/** The index of the events by their day and time. */
export const dayIndex = 'byDay';

/** The day of a time, in UTC: the partition of the index. */
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
