import { isDeepStrictEqual } from 'node:util';
import type { Finding } from '../finding/finding.ts';
import { identify } from '../finding/identify.ts';
import { everybodyIn } from '../finding/named.ts';

const namedBy = (finding: Finding): unknown => {
  const identified = identify(finding);
  return 'named' in identified ? identified : null;
};

/** Whom a finding names, with what it claims about them, which the account must confirm. */
const claimsOf = (finding: Finding): readonly object[] =>
  everybodyIn(identify(finding)).map((named) => ({ ...named, since: null }));

/** A finding grows: GuardDuty’s copy, which is what is judged, may be newer and name others too. */
const hasGrown = (event: Finding, copy: Finding): boolean => {
  const [before, now] = [claimsOf(event), claimsOf(copy)];
  return (
    copy.updatedAt > event.updatedAt &&
    before.length > 0 &&
    before.every((claim) => now.some((other) => isDeepStrictEqual(claim, other)))
  );
};

const otherWorkload = 'another workload';

/** The part in which the event contradicts GuardDuty’s copy; `undefined` where they agree. */
export const contradictionOf = (event: Finding, copy: Finding): string | undefined => {
  if (copy.account !== event.account) return 'another account';
  if (copy.region !== event.region) return 'another region';
  return isDeepStrictEqual(namedBy(copy), namedBy(event)) || hasGrown(event, copy)
    ? undefined
    : otherWorkload;
};

/**
 * Whether GuardDuty may have said what the event says, before it wrote others into its finding. It
 * keeps no earlier copy, so this is neither proven nor a forgery: a person decides.
 */
export const isOutdated = (event: Finding, copy: Finding): boolean =>
  contradictionOf(event, copy) === otherWorkload &&
  copy.type === event.type &&
  event.updatedAt < copy.updatedAt &&
  event.updatedAt >= (copy.firstSeen ?? event.updatedAt);
