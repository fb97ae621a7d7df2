import { createHash } from 'node:crypto';
import { identify, type Named } from '../finding/identify.ts';
import { nameKey, nameKeysIn } from '../finding/named.ts';
import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import type { Claim } from '../incident/incident-id.ts';
import type { JudgeDeps, JudgedFinding } from './judge.ts';
import { reopens } from './repeat.ts';
import { namesOfCase } from './shown.ts';

/** Those whom later revisions of a finding name besides, who are an incident of their own. */
export interface Newcomers {
  readonly names: readonly string[];
  readonly isMeant: (named: Named) => boolean;
  readonly claim: Claim;
  /** No earlier revision has named them. */
  readonly isAdded: boolean;
}

const newcomersNamed = (
  names: readonly string[],
  claim: Claim,
  doubt: string,
): Omit<Newcomers, 'isAdded'> => ({
  names,
  isMeant: (named) => names.includes(nameKey(named)),
  claim: { ...claim, doubt },
});

const doubtPrefix = ({ drill }: Claim): string => `${drill ? 'drill' : 'real'}-besides-`;

const doubtOf = (names: readonly string[], claim: Claim): string => {
  const hash = createHash('sha256').update(JSON.stringify(names.toSorted())).digest('hex');
  return `${doubtPrefix(claim)}${hash.slice(0, 16)}`;
};

/**
 * Whoever is suppressed shares one incident with all others of the finding that are, so that a
 * finding which grows all the time is told once.
 */
export const suppressedTogether = ({ claim, ...group }: Newcomers): Newcomers => ({
  ...group,
  claim: group.isAdded ? { ...claim, doubt: `${doubtPrefix(claim)}suppressed` } : claim,
});

/** Several groups as one, under the claim of one that has an incident. */
export const mergedNewcomers = (groups: readonly [Newcomers, ...Newcomers[]]): Newcomers => {
  const { claim, isAdded } = groups.find((group) => !group.isAdded) ?? groups[0];
  const names = groups.flatMap((group) => group.names);
  return { ...newcomersNamed(names, claim, claim.doubt ?? ''), isAdded };
};

/**
 * Whom a revision of a finding names and its incident is not about: first those whom no revision
 * has named before, then those who have incidents already. They are decided on their own: a yes to
 * the question of the incident is none to them, and an incident that is contained must not hide
 * them. Nobody where the incident begins anew anyway, and with everybody.
 */
export const newcomersOf = (
  incident: Case,
  judged: JudgedFinding,
  claim: Claim,
  deps: JudgeDeps,
): readonly Newcomers[] => {
  const known = new Set(namesOfCase(incident));
  const others = nameKeysIn(identify(judged.finding)).filter((name) => !known.has(name));
  if (others.length === 0 || judged.doubt !== undefined || reopens(incident, judged, deps))
    return [];
  const { elsewhere = {} } = incident.head;
  const added = others.filter((name) => elsewhere[name] === undefined);
  const doubts = new Set(others.flatMap((name) => elsewhere[name] ?? []));
  return [
    ...(added.length > 0
      ? [{ ...newcomersNamed(added, claim, doubtOf(added, claim)), isAdded: true }]
      : []),
    ...[...doubts].map((doubt) => {
      const names = others.filter((name) => elsewhere[name] === doubt);
      return { ...newcomersNamed(names, claim, doubt), isAdded: false };
    }),
  ];
};

/** Later revisions do not open another incident for them. */
export const rememberNewcomers = async (
  { head: { id, elsewhere = {} } }: Case,
  groups: readonly Newcomers[],
  { table }: Pick<JudgeDeps, 'table'>,
): Promise<void> => {
  const doubts = Object.fromEntries(
    groups.flatMap(({ names, claim: { doubt = '' } }) => names.map((name) => [name, doubt])),
  );
  if (Object.entries(doubts).every(([name, doubt]) => elsewhere[name] === doubt)) return;
  await update(table, id, { elsewhere: { ...elsewhere, ...doubts } });
};

/** The decision says why a finding has two incidents. */
export const saidBesides = (judged: JudgedFinding, { head }: Case): JudgedFinding => ({
  ...judged,
  decision: {
    ...judged.decision,
    reason: `${judged.decision.reason}; named by a later revision of the finding of ${head.id}`,
  },
});
