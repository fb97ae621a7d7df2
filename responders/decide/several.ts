import type { Finding } from '../finding/finding.ts';
import { type Named, type NamedIdentities, namesOf } from '../finding/identify.ts';
import { exemption } from './never-contain.ts';
import type { Settings } from './settings.ts';
import type { Confirmed, Facts } from './suspect-kind.ts';

/**
 * So many identities of one finding are read and contained at most: what was before is stored in
 * one transaction, which has room for the targets of ten.
 */
export const mostSuspects = 10;

/** An identity among several. */
interface Identity {
  readonly named: Named;
  readonly facts: Facts;
}

/** What decides about an identity among several. */
export interface Leaving {
  readonly finding: Pick<Finding, 'account'>;
  readonly settings: Settings;
  readonly now: number;
}

const isGone = ({ reads }: Facts): boolean =>
  Object.values(reads).every((read) => !read.ok && read.missing);

/** Why an identity must be left alone, whatever a person says; `undefined` where it need not. */
const forbids = ({ facts }: Identity, { finding, settings, now }: Leaving) => {
  if (isGone(facts)) return 'it no longer exists';
  const { arns = [] } = facts.confirmed ?? {};
  return exemption({ arns, account: finding.account }, settings, now);
};

/** Why a person would be asked about an identity alone. */
const doubts = ({ facts: { confirmed } }: Identity): string | undefined =>
  confirmed?.contradiction ?? confirmed?.asks;

interface Parted {
  readonly chosen: readonly Identity[];
  readonly left: readonly string[];
}

const nameOf = ({ named }: Identity): string => namesOf(named);

/**
 * Whoever is certain is contained at once: an intruder must not be able to delay that by acting as
 * a person, or as somebody exempt, as well. Only where nobody is certain do the others decide.
 */
const part = (each: readonly Identity[], leaving: Leaving): Parted => {
  const allowed = each.filter((identity) => forbids(identity, leaving) === undefined);
  const certain = allowed.filter((identity) => doubts(identity) === undefined);
  const chosen = [certain, allowed, each].find(({ length }) => length > 0) ?? [];
  return {
    chosen,
    left: each
      .filter((identity) => !chosen.includes(identity))
      .map((identity) => `${nameOf(identity)} (${forbids(identity, leaving) ?? doubts(identity)})`),
  };
};

const readsOf = (each: readonly Identity[]): Facts['reads'] =>
  Object.fromEntries(
    each.flatMap((identity) =>
      Object.entries(identity.facts.reads).map(([what, read]) => [
        `${what} of ${nameOf(identity)}`,
        read,
      ]),
    ),
  );

const askedOf = (
  confirmed: readonly Confirmed[],
  { count }: { readonly count: number },
  { settings: { suspectLimit } }: Leaving,
): string | undefined => {
  const asks = confirmed.flatMap((identity) => identity.asks ?? []);
  if (count > suspectLimit)
    asks.push(
      `it names ${count} identities, more than the ${suspectLimit} that are contained without a ` +
        'question',
    );
  return asks.length > 0 ? asks.join('; ') : undefined;
};

const together = (
  confirmed: readonly Confirmed[],
  { left, count }: { readonly left: readonly string[]; readonly count: number },
  leaving: Leaving,
): Confirmed | null => {
  const [first, ...others] = confirmed;
  if (!first) return null;
  const contradictions = confirmed.flatMap(({ contradiction }) => contradiction ?? []);
  const asks = askedOf(confirmed, { count }, leaving);
  const notContained = left.length > 0 ? `; not contained: ${left.join(', ')}` : '';
  return {
    suspect: first.suspect,
    ...(others.length > 0 && { suspects: others.map(({ suspect }) => suspect) }),
    arns: confirmed.flatMap(({ arns }) => arns),
    tags: confirmed.flatMap(({ tags }) => tags),
    parts: [...new Set(confirmed.map(({ parts }) => parts))].join(' and '),
    contradiction: contradictions.length > 0 ? contradictions.join('; ') : null,
    proof: [...new Set(confirmed.map(({ proof }) => proof))].join(', ') + notContained,
    ...(asks !== undefined && { asks: asks + notContained }),
  };
};

/** Identities of a finding that were not read: those beyond the most, and those of no use. */
const unread = ({ others = [], besides = [] }: NamedIdentities): string[] => [
  ...others.slice(mostSuspects - 1).map(namesOf),
  ...besides,
];

/** The facts about everybody whom a finding names, as those of one suspect. */
export const severalFacts = (
  identified: NamedIdentities,
  each: readonly Identity[],
  leaving: Leaving,
): Facts => {
  const { others = [], besides = [] } = identified;
  const [only] = each;
  if (only && others.length === 0 && besides.length === 0) return only.facts;
  const { chosen, left } = part(each, leaving);
  const confirmed = chosen.flatMap(({ facts }) => facts.confirmed ?? []);
  const about = { left: [...left, ...unread(identified)], count: others.length + 1 };
  return {
    reads: readsOf(chosen),
    confirmed: confirmed.length === chosen.length ? together(confirmed, about, leaving) : null,
    code: chosen.find(({ facts }) => facts.code !== undefined)?.facts.code,
  };
};
