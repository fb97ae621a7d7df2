import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../finding/finding.ts';
import { identify } from '../finding/identify.ts';
import { nameKeysIn } from '../finding/named.ts';

const namedBy = (finding: Finding): unknown => {
  const identified = identify(finding);
  return 'named' in identified ? identified : null;
};

/** A finding grows: GuardDuty’s copy, which is what is judged, may be newer and name others too. */
const hasGrown = (event: Finding, copy: Finding): boolean => {
  const [before, now] = [event, copy].map((finding) => nameKeysIn(identify(finding)));
  return (
    copy.updatedAt > event.updatedAt &&
    before !== undefined &&
    before.length > 0 &&
    before.every((name) => now?.includes(name))
  );
};

export const otherWorkload = 'another workload';

/** The part in which the event contradicts GuardDuty’s copy; `undefined` where they agree. */
export const contradictionOf = (event: Finding, copy: Finding): string | undefined => {
  if (copy.account !== event.account) return 'another account';
  if (copy.region !== event.region) return 'another region';
  return isDeepStrictEqual(namedBy(copy), namedBy(event)) || hasGrown(event, copy)
    ? undefined
    : otherWorkload;
};
