import type { Sharing } from '../incident/suspect.ts';
import type { FunctionReads, Neighbour } from './function-reads.ts';

/** Whether a neighbour was created or changed since the activity began. */
export const isNew = ({ changedAt }: Neighbour, since: number | null): boolean =>
  since !== null && changedAt !== null && changedAt >= since;

/**
 * `sole` only when it is certain that no other function and no other principal uses the role;
 * `shared` only when one did before the activity began. A function that was changed since then may
 * be the intruder's, so it proves neither: then only the suspect is denied at once, and the watch
 * asks CloudTrail.
 */
export const sharingOf = (
  { role, neighbours }: Pick<FunctionReads, 'role' | 'neighbours'>,
  since: number | null,
): Sharing => {
  if (role.ok && role.value.otherTrust.length > 0) return 'shared';
  if (neighbours.ok && neighbours.value.some((neighbour) => !isNew(neighbour, since)))
    return 'shared';
  return role.ok && neighbours.ok && neighbours.value.length === 0 ? 'sole' : 'unknown';
};
