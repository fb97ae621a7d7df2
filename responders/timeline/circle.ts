import { type Call, inOrder } from './call.ts';
import { type Found, ledTo } from './follow.ts';
import { type Wanted, whoseIs } from './who.ts';

/** The suspect and everybody it led to, as far as the calls found until now show. */
export interface Circle {
  readonly wanted: Wanted;
  readonly found: readonly Found[];
}

export const alone = (wanted: Omit<Wanted, 'principals' | 'keys'>): Circle => ({
  wanted: { ...wanted, principals: new Set(), keys: new Set() },
  found: [],
});

/**
 * At most so many are followed: an attacker who makes a thousand users must not make a thousand
 * queries.
 */
const most = 100;

const widened = ({ wanted, found }: Circle, more: readonly Found[]): Circle => {
  const known = new Set(found.map(({ who }) => who));
  const fresh = [...new Map(more.map((one) => [one.who, one])).values()].filter(
    ({ who }) => !known.has(who) && who !== wanted.session,
  );
  const all = [...found, ...fresh].slice(0, most);
  const who = (isKey: boolean) =>
    new Set(all.filter(({ kind }) => (kind === 'access key') === isKey).map((one) => one.who));
  return { wanted: { ...wanted, principals: who(false), keys: who(true) }, found: all };
};

/**
 * Whom these calls led to. The suspect's own hops into roles are followed, a followed session's are
 * not: once.
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

export const isFull = ({ found }: Circle): boolean => found.length >= most;
