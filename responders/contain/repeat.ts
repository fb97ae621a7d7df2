import type { Case, Head } from '../incident/case.ts';
import { addRevision, reopenIncident, update } from '../incident/case-table.ts';
import { heldRecord } from '../incident/holds.ts';
import { readCase } from '../incident/read-case.ts';
import { act, firstTurn } from './act.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { type Arrival, isCounted, newHead, recordsOf } from './opening.ts';
import { type Reading, targetsOf } from './run.ts';
import { resumeTurn, turnSeconds } from './turn.ts';

/**
 * An incident that nobody has worked on for this long and that still has no outcome was abandoned;
 * a repeat takes it over.
 */
const abandonedMs = 60_000;

/** What was not saved must not be applied. */
const saved = (found: Case, { catalog, settings, table }: ContainDeps): Promise<Reading[]> => {
  const unread = {
    ok: false,
    missing: false,
    busy: false,
    why: 'it was not read before the execution broke off',
  } as const;
  const aims = found.head.suspect ? targetsOf(catalog, found.head.suspect) : [];
  return Promise.all(
    aims.map(async ({ responder, target }) => {
      const record = await heldRecord(table, found, { responder: responder.id, target });
      return {
        responder,
        target,
        before: record || settings.dryRun ? { ok: true, value: record?.before } : unread,
      };
    }),
  );
};

/**
 * A finding may grow, and a released workload may be misused again; what a person has decided stays
 * decided.
 */
const again = (
  { head: { state, release } }: Case,
  { finding, decision }: JudgedFinding,
  { now, settings }: ContainDeps,
): boolean => {
  if (state === 'suppressed') return decision.kind !== 'suppress';
  if (state !== 'released' || release === null || !['contain', 'ask'].includes(decision.kind))
    return false;
  return (finding.lastSeen ?? 0) > release.at && now() > release.at + settings.holdMinutes * 60_000;
};

/** Goes on with an incident whose run broke off between saving and applying. */
export const resume = async (found: Case, own: boolean, deps: ContainDeps): Promise<Contained> =>
  act(await resumeTurn(deps, found.head, turnSeconds.contain, own), await saved(found, deps), deps);

/**
 * This finding is already an incident: go on where it broke off, judge it anew, or only write it
 * down.
 */
export const repeat = async (
  id: string,
  judged: JudgedFinding,
  arrival: Arrival,
  deps: ContainDeps,
): Promise<Contained> => {
  const { table, now } = deps;
  const found = await readCase(table, id);
  const { head } = found;
  const own = head.execution === arrival.execution;
  if (head.state === 'open' && (own || now() > (head.busyUntil ?? 0) + abandonedMs))
    return resume(found, own, deps);
  if (own) return contained(head, deps);
  if (await addRevision(table, id, judged.finding.updatedAt, JSON.stringify(arrival.event))) {
    const revised = {
      ...head.finding,
      updatedAt: Math.max(head.finding.updatedAt, judged.finding.updatedAt),
      revisions: head.finding.revisions + 1,
    };
    await update(table, id, { finding: revised });
  }
  if (!again(found, judged, deps))
    return contained({ ...head, decision: { kind: 'duplicate', reason: `already ${id}` } }, deps);
  const fresh = newHead(judged, arrival, id, now());
  const next: Head = {
    ...fresh,
    openedAt: head.openedAt,
    round: head.round + 1,
    finding: { ...fresh.finding, revisions: head.finding.revisions + 1 },
  };
  const won = await reopenIncident(table, {
    head: next,
    from: head.state,
    befores: recordsOf(judged.readings, deps),
    counts: isCounted(head, judged.decision),
    at: now(),
  });
  if (!won) return contained(head, deps, 'none');
  return judged.decision.kind === 'contain'
    ? act(firstTurn(next), judged.readings, deps)
    : contained(next, deps);
};
