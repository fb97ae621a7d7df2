import { isDeepStrictEqual } from 'node:util';
import { readFunctionFacts, sharingOf } from '../decide/function-kind.ts';
import type { Deadlines } from '../decide/suspect-kind.ts';
import { actionOf, type Case, type Head } from '../incident/case.ts';
import { heldRecord } from '../incident/holds.ts';
import type { Action, IncidentState } from '../incident/incident.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions, saveBefore } from '../incident/records.ts';
import type { Suspect } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import { BusyError } from '../shared/errors.ts';
import type { ContainDeps } from './judge.ts';
import { clocksOf, stateOf } from './outcome.ts';
import type { Responder } from './responder.ts';
import { type Aim, applyAndCheck, recordKeyOf, targetsOf } from './run.ts';
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

const watchDeadlines: Deadlines = { factsMs: 10_000, neighboursMs: 25_000 };

/**
 * Completes a suspect whose sharing is unknown because the first containment could not read it in
 * time: reads again with longer deadlines. Where nobody else uses the role (`sole`), the whole role
 * is contained, not the function only.
 */
const resolveSharing = async (suspect: Suspect, deps: ContainDeps): Promise<Suspect> => {
  if (suspect.kind !== 'function' || suspect.sharing !== 'unknown') return suspect;
  const facts = await readFunctionFacts(suspect, deps.aws, watchDeadlines);
  return { ...suspect, sharing: sharingOf(facts) };
};

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

/** Earlier attempts to contain a target, whether they succeeded or not. */
const startedActions = ({ actions }: Case): Action[] =>
  actions.filter(({ outcome }) => ['contained', 'applied', 'not-contained'].includes(outcome));

/**
 * The targets of this suspect, and those of earlier actions. Once the sharing of the role is known,
 * a suspect can have other targets than at the first containment. The earlier ones may
 * still carry a change of Cordon, so their outcomes must be checked too.
 */
const aimsAt = (suspect: Suspect, incident: Case, catalog: readonly Responder[]): Aim[] =>
  catalog.flatMap((responder) => {
    const earlier = startedActions(incident).filter((action) => action.responder === responder.id);
    const targets = new Set([
      ...responder.targets(suspect),
      ...earlier.map(({ target }) => target),
    ]);
    return [...targets].map((target) => ({ responder, target }));
  });

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
  // A target that was contained and then deleted cannot act any more, so it stays contained.
  if (known?.outcome === 'contained' && !holds.ok && holds.missing)
    return { action: known, removed: false };
  const removed = known?.outcome === 'contained' && holds.ok;
  return { action: await containLate(aim, incident, deps), removed };
};

/**
 * Whether a release has run, completely or in part. The watch then changes nothing: a person has
 * decided, and the targets that are still contained are for that release to free.
 */
const wasReleased = (incident: Case, suspect: Suspect, { catalog }: ContainDeps): boolean =>
  targetsOf(catalog, suspect)
    .map((aim) => actionOf(incident, recordKeyOf(aim)))
    .some(
      (action) =>
        action !== undefined && ['released', 'not-released', 'kept'].includes(action.outcome),
    );

const isWatched = ({ state, decision, suspect }: Head): boolean =>
  suspect !== null &&
  decision.kind === 'contain' &&
  ['open', 'contained', 'partial', 'not-contained', 'contested'].includes(state);

/**
 * Waits for all to settle before rethrowing: work that continues after this run could contain again
 * what a release has just freed.
 */
const settleAll = async <T>(work: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(work);
  return Promise.all(work);
};

const checkTargets = async (
  turn: Turn,
  known: Suspect,
  incident: Case,
  deps: ContainDeps,
): Promise<Watched> => {
  const { table, catalog, log } = deps;
  const { head } = turn;
  const suspect = await resolveSharing(known, deps);
  const checked = await settleAll(
    aimsAt(suspect, incident, catalog).map((aim) => checkTarget(aim, incident, deps)),
  );
  const actions = checked.map(({ action }) => action);
  const removed = checked
    .filter((target) => target.removed)
    .map(({ action }) => `${action.responder} on ${action.target}`);
  const reached = stateOf(actions);
  const state =
    reached === 'contained' && (removed.length > 0 || head.state === 'contested')
      ? 'contested'
      : reached;
  const seen = clocksOf(actions);
  // A clock is set once: the times of the first containment stay.
  const clocks = {
    accepted: head.clocks.accepted ?? seen.accepted,
    effective: head.clocks.effective ?? seen.effective,
  };
  const change = { state, ...(!isDeepStrictEqual(suspect, head.suspect) && { suspect }) };
  await saveActions(table, head.id, actions);
  if (!(await endTurn(deps, turn, change, clocks)))
    throw new BusyError('another execution changed the incident at the same time');
  log('watched', { incidentId: head.id, state, removed });
  return { holds: reached === 'contained', state };
};

/**
 * Checks whether the change of every target still holds, contains the targets where it does not,
 * and returns whether all hold now. Does nothing in a dry run, after a release, or when the
 * incident has no containment to keep up.
 */
export const watch = async (id: string, deps: ContainDeps): Promise<Watched> => {
  const incident = await readCase(deps.table, id);
  const { head } = incident;
  const { suspect } = head;
  if (deps.settings.dryRun || !isWatched(head) || !suspect || wasReleased(incident, suspect, deps))
    return { holds: true, state: head.state };
  return withTurn(deps, await takeTurn(deps, head, turnSeconds.watch), (turn) =>
    checkTargets(turn, suspect, incident, deps),
  );
};
