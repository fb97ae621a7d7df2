import { isDeepStrictEqual } from 'node:util';
import type { Deadlines } from '../decide/suspect-kind.ts';
import { actionOf, type Case, type Head } from '../incident/case.ts';
import { heldRecord } from '../incident/holds.ts';
import { type Action, heldStates, type IncidentState } from '../incident/incident.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions, saveBefore, saveDrift } from '../incident/records.ts';
import { type Suspect, suspectsOf } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import { BusyError } from '../shared/errors.ts';
import { aimsAt } from './aims.ts';
import type { ContainDeps } from './judge.ts';
import { isObserved } from './opening.ts';
import { clocksOf, stateOf } from './outcome.ts';
import { remadeSuspects } from './remade-suspects.ts';
import { type Aim, applyAndCheck, recordKeyOf, targetsOf } from './run.ts';
import { resolveSharing, type WatchDeps } from './sharing.ts';
import { endTurn, type Turn, takeTurn, turnSeconds, withTurn } from './turn.ts';

/** The output of `WatchLambda`. */
export interface Watched {
  /**
   * False while a target is not contained: the state machine then calls the watch again, a limited
   * number of times. True also when the watch has nothing to check.
   */
  readonly holds: boolean;
  readonly state: IncidentState;
}

/** Who made the call that led to this look; nothing where that is not known. */
export type Culprit = () => Promise<string | undefined>;

/** Why a look is made. */
export interface LookOccasion {
  readonly culprit?: Culprit | undefined;
  /** A mail about the hold tells a new state. Without it, the reports of the incident do. */
  readonly isOwnMail?: boolean;
}

const watchDeadlines: Deadlines = { factsMs: 10_000, neighboursMs: 25_000 };

/**
 * Contains a target whose change does not hold. Uses the before-record that the incident has
 * already; otherwise reads the target and stores one before the change.
 */
const containLate = async (aim: Aim, incident: Case, deps: ContainDeps): Promise<Action> => {
  const { responder, target } = aim;
  const { head, befores } = incident;
  const key = recordKeyOf(aim);
  const record = await heldRecord(deps.table, incident, key);
  if (record) return applyAndCheck({ ...aim, before: { ok: true, value: record.before } }, deps);
  const before = await attempt(watchDeadlines.factsMs, responder.before(target, deps.aws));
  if (before.ok)
    await saveBefore(deps.table, head.id, {
      ...key,
      before: before.value,
      order: befores.length,
      since: deps.now(),
    });
  return applyAndCheck({ ...aim, before }, deps);
};

interface CheckedTarget {
  readonly action: Action;
  /** The change held at an earlier check and does not hold now, so another principal removed it. */
  readonly removed: boolean;
}

const checkTarget = async (aim: Aim, incident: Case, deps: ContainDeps): Promise<CheckedTarget> => {
  const { responder, target } = aim;
  const key = recordKeyOf(aim);
  const known = actionOf(incident, key);
  const holds = await attempt(watchDeadlines.factsMs, responder.holds(target, deps.aws));
  if (known?.acceptedMs && holds.ok && holds.value) {
    const effectiveMs = known.effectiveMs ?? deps.now();
    return {
      action: { ...key, outcome: 'contained', acceptedMs: known.acceptedMs, effectiveMs },
      removed: false,
    };
  }
  // A target that was deleted cannot act any more, whether it was contained before or not.
  if (known && !holds.ok && holds.missing) {
    const effectiveMs = known.effectiveMs ?? deps.now();
    const { acceptedMs } = known;
    return { action: { ...key, outcome: 'contained', acceptedMs, effectiveMs }, removed: false };
  }
  const removed = known?.outcome === 'contained' && holds.ok;
  return { action: await containLate(aim, incident, deps), removed };
};

/**
 * Whether a release has run, completely or in part. The watch then changes nothing: a person has
 * decided, and the targets that are still contained are for that release to free.
 */
const wasReleased = (
  incident: Case,
  suspects: readonly Suspect[],
  { catalog }: ContainDeps,
): boolean =>
  targetsOf(catalog, suspects)
    .map((aim) => actionOf(incident, recordKeyOf(aim)))
    .some(
      (action) =>
        action !== undefined && ['released', 'not-released', 'kept'].includes(action.outcome),
    );

const isWatched = ({ state, decision, suspect }: Head): boolean =>
  suspect !== null && decision.kind === 'contain' && heldStates.includes(state);

/**
 * Waits for all to settle before rethrowing: work that continues after this run could contain again
 * what a release has just freed.
 */
const settleAll = async <T>(work: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(work);
  return Promise.all(work);
};

/** The changes that another principal removed. */
const removedFrom = (checked: readonly CheckedTarget[]): string[] =>
  checked
    .filter(({ removed }) => removed)
    .map(({ action: { responder, target } }) => `${responder} on ${target}`);

/** Whether an earlier check has found it out. */
const isKnown = (change: string, { drifts }: Case): boolean =>
  drifts.some(({ changes }) => changes.includes(change));

const checkTargets = async (
  turn: Turn,
  known: readonly Suspect[],
  incident: Case,
  deps: WatchDeps,
  { culprit, isOwnMail = false }: LookOccasion,
): Promise<Watched> => {
  const { table, catalog, log } = deps;
  const { head } = turn;
  const [suspects, remade] = await Promise.all([
    Promise.all(known.map((suspect) => resolveSharing(suspect, incident, watchDeadlines, deps))),
    remadeSuspects(known, deps.aws, watchDeadlines.factsMs),
  ]);
  const [suspect = null, ...others] = suspects;
  const checked = await settleAll(
    aimsAt(suspects, incident, catalog).map((aim) => checkTarget(aim, incident, deps)),
  );
  const actions = checked.map(({ action }) => action);
  const freshlyRemade = remade.changes.filter((change) => !isKnown(change, incident));
  const removed = [...removedFrom(checked), ...freshlyRemade];
  const reached = stateOf(actions);
  const isContested = removed.length + remade.changes.length > 0 || head.state === 'contested';
  const state = reached === 'contained' && isContested ? 'contested' : reached;
  const seen = clocksOf(actions);
  // A clock is set once: the times of the first containment stay.
  const clocks = {
    accepted: head.clocks.accepted ?? seen.accepted,
    effective: head.clocks.effective ?? seen.effective,
  };
  const change = {
    state,
    ...(isOwnMail && state !== head.state && { news: deps.now() }),
    ...(!isDeepStrictEqual(suspects, known) && {
      suspect,
      ...(others.length > 0 && { suspects: others }),
    }),
  };
  await saveActions(table, head.id, actions);
  if (removed.length > 0) {
    const by = await culprit?.();
    await saveDrift(table, head.id, { at: deps.now(), changes: removed, ...(by && { by }) });
  }
  if (!(await endTurn(deps, turn, change, clocks)))
    throw new BusyError('another execution changed the incident at the same time');
  log('watched', { incidentId: head.id, state, removed });
  return { holds: reached === 'contained' && !remade.isUnknown, state };
};

/**
 * Checks whether the change of every target still holds, contains the targets where it does not,
 * and returns whether all hold now. Does nothing in observe mode, after a release, or when the
 * incident has no containment to keep up.
 */
export const watch = async (
  id: string,
  deps: WatchDeps,
  occasion: LookOccasion = {},
): Promise<Watched> => {
  const incident = await readCase(deps.table, id);
  const { head } = incident;
  const suspects = suspectsOf(head);
  const isLeft = isObserved(head, deps.settings) || !isWatched(head);
  if (isLeft || wasReleased(incident, suspects, deps)) return { holds: true, state: head.state };
  return withTurn(deps, await takeTurn(deps, head, turnSeconds.watch), (turn) =>
    checkTargets(turn, suspects, incident, deps, occasion),
  );
};
