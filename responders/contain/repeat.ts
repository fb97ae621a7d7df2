import { identify } from '../finding/identify.ts';
import { nameKeysIn } from '../finding/named.ts';
import type { Case, Head } from '../incident/case.ts';
import {
  addRevision,
  incidentOfClaim,
  openIncident,
  reopenIncident,
  update,
} from '../incident/case-table.ts';
import { heldRecord } from '../incident/holds.ts';
import { uncontainedStates } from '../incident/incident.ts';
import { type Claim, incidentId } from '../incident/incident-id.ts';
import { readCase } from '../incident/read-case.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { merged } from '../shared/attacker.ts';
import { BusyError } from '../shared/errors.ts';
import { applyReadings, firstTurn } from './apply.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { type Arrival, breakerMarkOf, isObserved, newHead, recordsOf } from './opening.ts';
import { type Reading, recordKeyOf, targetsOf } from './run.ts';
import type { WatchDeps } from './sharing.ts';
import { namesOfCase } from './shown.ts';
import { checkHold, lookAtHold } from './sweep.ts';
import { resumeTurn, turnSeconds } from './turn.ts';

/** An open incident whose turn expired this long ago was abandoned: a repeat takes it over. */
const abandonedMs = 60_000;

/**
 * The readings of an earlier run, from the before-records that it stored. A target without a stored
 * record counts as unread, so that it is not changed.
 */
const savedReadings = (
  incident: Case,
  { catalog, settings, table }: ContainDeps,
): Promise<Reading[]> => {
  const unread = {
    ok: false,
    missing: false,
    busy: false,
    why: 'the execution ended before this target was read',
  } as const;
  const aims = targetsOf(catalog, suspectsOf(incident.head));
  return Promise.all(
    aims.map(async (aim) => {
      const record = await heldRecord(table, incident, recordKeyOf(aim));
      return {
        ...aim,
        before:
          record || isObserved(incident.head, settings)
            ? { ok: true, value: record?.before }
            : unread,
      };
    }),
  );
};

/**
 * Whether a repeat of the finding starts a new round. A suppressed incident is opened again when
 * its finding is no longer suppressed, a released one when there was activity after the release and
 * the hold has passed. In every other state the earlier decision stays.
 */
const startsNewRound = (
  { head: { state, release } }: Case,
  { finding, decision }: JudgedFinding,
  { now, settings }: ContainDeps,
): boolean => {
  if (state === 'suppressed') return decision.kind !== 'suppress';
  if (state !== 'released' || release === null || !['contain', 'ask'].includes(decision.kind))
    return false;
  return (finding.lastSeen ?? 0) > release.at && now() > release.at + settings.holdMinutes * 60_000;
};

/** Whether a revision is a reason to try again what could not be contained. */
const isUnfinished = ({ head }: Case, { decision }: JudgedFinding): boolean =>
  uncontainedStates.includes(head.state) &&
  head.decision.kind === 'contain' &&
  ['contain', 'ask'].includes(decision.kind);

/** A question that nobody answered is asked again by each revision of its finding. */
const asksAgain = ({ state }: Head, { decision }: JudgedFinding): boolean =>
  state === 'unanswered' && ['contain', 'ask'].includes(decision.kind);

/** Whether a repeat begins the incident anew, with everybody whom its finding names by now. */
export const reopens = (incident: Case, judged: JudgedFinding, deps: ContainDeps): boolean =>
  startsNewRound(incident, judged, deps) || asksAgain(incident.head, judged);

/** Whether a finding names anybody whom its incident is not about. */
const namesOthers = (incident: Case, { finding }: JudgedFinding): boolean => {
  const known = new Set(namesOfCase(incident));
  return nameKeysIn(identify(finding)).some((name) => !known.has(name));
};

/** Keeps a revision of the finding; `false` where it is known. */
const keepRevision = async (
  { head }: Case,
  { finding, event }: JudgedFinding,
  arrival: Arrival,
  { table }: ContainDeps,
): Promise<boolean> => {
  const raw = JSON.stringify(event ?? arrival.event);
  if (!(await addRevision(table, head.id, finding.updatedAt, raw))) return false;
  const revised = {
    ...head.finding,
    updatedAt: Math.max(head.finding.updatedAt, finding.updatedAt),
    revisions: head.finding.revisions + 1,
  };
  const attacker = merged(head.attacker, finding.attacker);
  await update(table, head.id, { finding: revised, attacker });
  return true;
};

/** Resumes an incident whose run broke off between saving and applying. */
export const resume = async (
  incident: Case,
  isRetry: boolean,
  deps: ContainDeps,
): Promise<Contained> => {
  const turn = await resumeTurn(deps, incident.head, turnSeconds.contain, isRetry);
  return applyReadings(turn, await savedReadings(incident, deps), deps);
};

/** Only the watch reads CloudTrail, and looks again who shares the role. */
const lookingDeps = ({ until }: Arrival, deps: ContainDeps): WatchDeps => ({
  ...deps,
  ...(until !== undefined && { until }),
  readChanges: async () => [],
});

/**
 * What a revision means for an incident with which its execution does not go on: what is not
 * contained is tried again. The hourly look tells what came of it, and asks what is still open.
 */
export const recheck = async (
  incident: Case,
  judged: JudgedFinding,
  arrival: Arrival,
  deps: ContainDeps,
): Promise<void> => {
  await keepRevision(incident, judged, arrival, deps);
  if (isUnfinished(incident, judged))
    await lookAtHold(incident.head.id, lookingDeps(arrival, deps));
};

/**
 * Handles a finding that already has an incident: resumes it where it broke off, starts a new round
 * of it, or only stores the revision of the finding.
 */
export const repeat = async (
  id: string,
  judged: JudgedFinding,
  arrival: Arrival,
  deps: ContainDeps,
): Promise<Contained> => {
  const { table, now } = deps;
  const incident = await readCase(table, id);
  const { head } = incident;
  const isRetry = head.execution === arrival.execution;
  if (head.state === 'open' && (isRetry || now() > (head.busyUntil ?? 0) + abandonedMs))
    return resume(incident, isRetry, deps);
  if (isRetry) return contained(head, deps);
  const isNew = await keepRevision(incident, judged, arrival, deps);
  if (isUnfinished(incident, judged)) {
    const { tell } = await checkHold(id, lookingDeps(arrival, deps));
    return contained((await readCase(table, id)).head, deps, tell ? 'hold' : 'none');
  }
  // Whom the question has not named is asked about, also where a run broke off after the revision.
  const isNews = isNew || namesOthers(incident, judged);
  if (!startsNewRound(incident, judged, deps) && !(isNews && asksAgain(head, judged))) {
    const known: Head = { ...head, decision: { kind: 'duplicate', reason: `already ${id}` } };
    return contained(known, deps, isNew && head.state === 'awaiting-approval' ? 'remind' : 'none');
  }
  const fresh = newHead(judged, arrival, id, now());
  const next: Head = {
    ...fresh,
    openedAt: head.openedAt,
    round: head.round + 1,
    attacker: merged(head.attacker, judged.finding.attacker),
    ...(head.answers && { answers: head.answers }),
    finding: { ...fresh.finding, revisions: head.finding.revisions + 1 },
  };
  const won = await reopenIncident(table, {
    head: next,
    from: head.state,
    befores: recordsOf(judged, deps),
    breaker: breakerMarkOf(judged, head),
    at: now(),
  });
  // Another run was faster; what is left to do about this revision, a retry finds out.
  if (!won) throw new BusyError('another execution changed the incident at the same time');
  return judged.decision.kind === 'contain'
    ? applyReadings(firstTurn(next), judged.readings, deps)
    : contained(next, deps);
};

/** A claim, with the incident that holds it. */
export interface HeldClaim {
  readonly claim: Claim;
  readonly existing: string | undefined;
}

/** Opens the incident of a judged finding, or goes on with the one that holds its claim. */
export const openOrRepeat = async (
  judged: JudgedFinding,
  { claim, existing }: HeldClaim,
  arrival: Arrival,
  received: number,
  deps: ContainDeps,
): Promise<Contained> => {
  const { table } = deps;
  if (existing) return repeat(existing, judged, arrival, deps);
  const head = newHead(judged, arrival, incidentId(claim, received), received);
  const opening = {
    claim,
    head,
    raw: JSON.stringify(judged.event ?? arrival.event) ?? 'null',
    befores: recordsOf(judged, deps),
    breaker: breakerMarkOf(judged, head),
  };
  if (!(await openIncident(table, opening)))
    return repeat((await incidentOfClaim(table, claim)) ?? head.id, judged, arrival, deps);
  return judged.decision.kind === 'contain'
    ? applyReadings(firstTurn(head), judged.readings, deps)
    : contained(head, deps);
};
