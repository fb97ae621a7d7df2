import { type Call, inOrder } from './call.ts';
import { type FollowedPrincipal, ledTo } from './follow.ts';
import { sessionsIn, type WantedCallers, whoseIs } from './who.ts';

/** The suspects and the principals that they led to, according to the calls read so far. */
export interface Circle {
  readonly wanted: WantedCallers;
  readonly followed: readonly FollowedPrincipal[];
}

export const alone = (wanted: Omit<WantedCallers, 'principals' | 'keys'>): Circle => ({
  wanted: { ...wanted, principals: new Set(), keys: new Set() },
  followed: [],
});

/**
 * At most so many are followed: an attacker who makes a thousand users must not make a thousand
 * queries.
 */
const most = 100;

const widened = ({ wanted, followed }: Circle, more: readonly FollowedPrincipal[]): Circle => {
  const known = new Set([...followed.map(({ who }) => who), ...sessionsIn(wanted)]);
  const fresh = [...new Map(more.map((principal) => [principal.who, principal])).values()].filter(
    ({ who }) => !known.has(who),
  );
  const principals = [...followed, ...fresh].slice(0, most);
  const who = (isKey: boolean) =>
    new Set(
      principals
        .filter(({ kind }) => (kind === 'access key') === isKey)
        .map((principal) => principal.who),
    );
  return { wanted: { ...wanted, principals: who(false), keys: who(true) }, followed: principals };
};

/**
 * Adds the principals that these calls led to. AssumeRole is followed for the suspects' own
 * sessions only, so one hop at most.
 */
export const widen = (circle: Circle, calls: readonly Call[]): Circle => {
  const more = inOrder(calls).flatMap((call) => {
    const whose = whoseIs(call, circle.wanted);
    return whose === 'suspect' || whose === 'followed'
      ? ledTo(call, { intoRoles: whose === 'suspect' })
      : [];
  });
  return widened(circle, more);
};

export const isFull = ({ followed }: Circle): boolean => followed.length >= most;
