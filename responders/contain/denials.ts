import type { Case } from '../incident/case.ts';
import { update } from '../incident/case-table.ts';
import { sessionsOf } from '../incident/denied-sessions.ts';
import { denialsKey, incidentOfKey } from '../incident/keys.ts';
import { readCase } from '../incident/read-case.ts';
import { endDenial } from '../incident/records.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { partition } from '../incident/table.ts';
import { errorText } from '../shared/errors.ts';
import { readDenial } from './earlier-sessions.ts';
import type { ContainDeps } from './judge.ts';

/**
 * Whether the mail that a denial is gone was sent. After a release no other mail of this kind is,
 * because nothing is held any more.
 */
const isTold = ({ head: { release, round }, mails }: Case): boolean =>
  mails.some(
    ({ kind, round: of, at }) => kind === 'hold' && of === round && at >= (release?.at ?? 0),
  );

/**
 * Checks one release that keeps earlier sessions denied. True when another principal removed the
 * denial before the sessions expired. No role of Cordon may write a policy, so a person is told,
 * again by each look until the mail was sent.
 */
const isRemoved = async (id: string, until: number, deps: ContainDeps): Promise<boolean> => {
  const { table, aws, now } = deps;
  const incident = await readCase(table, id);
  const { release, drill } = incident.head;
  const sessions = sessionsOf(suspectsOf(incident.head));
  if (until > now() && release?.sessions && sessions.length > 0) {
    if (release.sessions.denied) {
      const denials = await Promise.all(sessions.map((role) => readDenial(role, aws)));
      if (!denials.includes(null)) return false;
      await update(table, id, { release: { ...release, sessions: { denied: false, until } } });
    }
    // A drill removes its own denial.
    if (!drill && !isTold(incident)) return true;
  }
  await endDenial(table, id, now());
  return false;
};

/** Where to begin, and the moment after which no further denial is checked. */
interface DenialPart {
  /** The incident behind which this part begins; empty for the first part. */
  readonly after: string;
  readonly until: number;
}

/** What became of the denials of earlier sessions. */
interface EndedDenials {
  /** The incidents whose denial was removed too early. */
  readonly removed: readonly string[];
  /** How many could not be checked: the next look tries again. */
  readonly failed: number;
  /** The last incident of this part; null where no denial is left. */
  readonly after: string | null;
}

/** The denials that nobody has seen end, behind an incident, in the order of their incidents. */
const denialsBehind = async (after: string, { table }: ContainDeps) =>
  (await partition(table, denialsKey))
    .filter(({ expiresAt }) => expiresAt === undefined)
    .map(({ sk, until }) => ({ id: incidentOfKey(String(sk)), until: Number(until) }))
    .filter(({ id }) => id > after);

/**
 * Checks as many denials as fit into the time, and at least one. One that cannot be read must not
 * keep the others from being checked.
 */
export const endedDenials = async (
  { after, until: end }: DenialPart,
  deps: ContainDeps,
): Promise<EndedDenials> => {
  const removed: string[] = [];
  let failed = 0;
  const denials = await denialsBehind(after, deps);
  for (const [index, { id, until }] of denials.entries()) {
    const last = denials[index - 1]?.id;
    if (last !== undefined && deps.now() >= end) return { removed, failed, after: last };
    try {
      if (await isRemoved(id, until, deps)) removed.push(id);
    } catch (error) {
      failed += 1;
      deps.log('denial not checked', { incidentId: id, reason: errorText(error) });
    }
  }
  return { removed, failed, after: null };
};
