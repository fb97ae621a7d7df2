import type { Named } from '../finding/identify.ts';
import type { Case } from '../incident/case.ts';
import { incidentOfClaim } from '../incident/case-table.ts';
import { readCase } from '../incident/read-case.ts';
import type { JudgeDeps, JudgedFinding, Judging } from './judge.ts';
import {
  mergedNewcomers,
  type Newcomers,
  newcomersOf,
  rememberNewcomers,
  saidBesides,
  suppressedTogether,
} from './newcomers.ts';
import type { Contained } from './next-step.ts';
import type { Arrival } from './opening.ts';
import { type HeldClaim, openOrRepeat, recheck, reopens, repeat } from './repeat.ts';

/** Judges a finding, or some of those whom it names. */
export type JudgeOnly = (isMeant?: Judging['isMeant']) => Promise<JudgedFinding>;

/** How a revision arrived, and how those whom it names are judged. */
interface Revision {
  readonly arrival: Arrival;
  readonly received: number;
  readonly judgeOnly: JudgeOnly;
}

/** Newcomers with the decision about them, and their incident where they have one. */
interface JudgedNewcomers extends Newcomers {
  readonly judged: JudgedFinding;
  readonly known: Case | undefined;
}

const judgeNewcomers = async (
  newcomers: Newcomers,
  incident: Case,
  judgeOnly: JudgeOnly,
  { table }: JudgeDeps,
): Promise<JudgedNewcomers> => {
  const judged = saidBesides(await judgeOnly(newcomers.isMeant), incident);
  const { claim, ...group } =
    judged.decision.kind === 'suppress' ? suppressedTogether(newcomers) : newcomers;
  const existing = await incidentOfClaim(table, claim);
  const known = existing === undefined ? undefined : await readCase(table, existing);
  return { ...group, claim, judged, known };
};

/** What is suppressed like the incident itself needs no incident and no mail of its own. */
const isAsQuiet = ({ judged: { decision }, known }: JudgedNewcomers, { head }: Case): boolean =>
  decision.kind === 'suppress' && known === undefined && head.state === 'suppressed';

/**
 * An execution goes on with one incident only. On a retry that is the one that it began itself: it
 * may have broken off while it contained, and no other would take that up before the hourly look.
 * Else the groups of which an incident begins become one group; those that have incidents which
 * only go on follow it.
 */
const orderedGroups = async (
  groups: readonly JudgedNewcomers[],
  incident: Case,
  { arrival, judgeOnly }: Pick<Revision, 'arrival' | 'judgeOnly'>,
  deps: JudgeDeps,
): Promise<readonly JudgedNewcomers[]> => {
  const isOwn = ({ known }: JudgedNewcomers): boolean =>
    known?.head.execution === arrival.execution;
  const begins = (group: JudgedNewcomers): boolean =>
    !isOwn(group) && (group.known === undefined || reopens(group.known, group.judged, deps));
  const own = groups.filter(isOwn);
  const [first, ...further] = groups.filter(begins);
  const others = groups.filter((group) => !isOwn(group) && !begins(group));
  if (!first) return [...own, ...others];
  if (further.length === 0) return [...own, first, ...others];
  const merged = mergedNewcomers([first, ...further]);
  return [...own, await judgeNewcomers(merged, incident, judgeOnly, deps), ...others];
};

/**
 * A later revision of a known finding. Whom it names besides is decided first and on its own. The
 * execution goes on with the first incident about which there is something to do; the others are
 * looked at all the same, so that nobody is forgotten because others act too.
 */
export const handleRevision = async (
  judged: JudgedFinding,
  { claim, existing }: HeldClaim & { readonly existing: string },
  { arrival, received, judgeOnly }: Revision,
  deps: JudgeDeps,
): Promise<Contained> => {
  const incident = await readCase(deps.table, existing);
  const isRetry = incident.head.execution === arrival.execution;
  const newcomers = isRetry ? [] : newcomersOf(incident, judged, claim, deps);
  if (newcomers.length === 0) return repeat(existing, judged, arrival, deps);
  const each = await Promise.all(
    newcomers.map((group) => judgeNewcomers(group, incident, judgeOnly, deps)),
  );
  const loud = each.filter((group) => !isAsQuiet(group, incident));
  const groups = await orderedGroups(loud, incident, { arrival, judgeOnly }, deps);
  // A run that breaks off behind this finds them again under the same claims.
  await rememberNewcomers(incident, groups, deps);
  let leading: Contained | undefined;
  for (const { judged: decided, known, claim: own } of groups) {
    if (leading && known) await recheck(known, decided, arrival, deps);
    if (leading) continue;
    const held = { claim: own, existing: known?.head.id };
    const next = await openOrRepeat(decided, held, arrival, received, deps);
    if (next.next !== 'none') leading = next;
  }
  const isNewcomer = (named: Named) => groups.some(({ isMeant }) => isMeant(named));
  if (!leading)
    return repeat(existing, await judgeOnly((named) => !isNewcomer(named)), arrival, deps);
  await recheck(incident, judged, arrival, deps);
  return leading;
};
