import type { Identified, Named } from './identify.ts';
import { namesOf } from './identify.ts';

/** Who it is, as the head of an incident keeps it: a function with the role that is denied. */
export const nameKey = (named: Named): string =>
  named.kind === 'function'
    ? `${namesOf(named)} of role ${named.roleName} in ${named.region}`
    : namesOf(named);

/** Everybody whom a finding names and whom Cordon can deny. */
export const everybodyIn = (identified: Identified): readonly Named[] =>
  'cannot' in identified ? [] : [identified.named, ...(identified.others ?? [])];

/** The same, as the head of an incident keeps them. */
export const nameKeysIn = (identified: Identified): readonly string[] =>
  everybodyIn(identified).map(nameKey);

/** The same finding, as if it named nobody but these. */
export const narrowed = (
  identified: Identified,
  isMeant: (named: Named) => boolean,
): Identified => {
  const everybody = everybodyIn(identified);
  const [named, ...others] = everybody.filter(isMeant);
  // Nobody is left out of a finding that names nobody, which says why.
  if (everybody.length === 0) return identified;
  if (!named) return { cannot: 'the finding names nobody any more whom this is about' };
  if (others.length + 1 === everybody.length) return identified;
  return { named, ...(others.length > 0 && { others }) };
};
