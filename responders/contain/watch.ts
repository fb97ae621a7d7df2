import { isDeepStrictEqual } from 'node:util';
import { readFunctionFacts, sharingOf } from '../decide/function-kind.ts';
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
import { type Aim, applyOne, targetsOf } from './run.ts';
import { during, endTurn, type Turn, takeTurn, turnSeconds } from './turn.ts';

/** Whether everything holds now, so that the state machine knows if it must look again. */
export interface Watched {
  readonly holds: boolean;
  readonly state: IncidentState;
}

const patient = { factsMs: 10_000, neighboursMs: 25_000 };

/**
 * Where nobody could say in time who else uses the role, ask again without hurry, and widen only on
 * a clear answer.
 */
const widened = async (suspect: Suspect, deps: ContainDeps): Promise<Suspect> => {
  if (suspect.kind !== 'function' || suspect.sharing !== 'unknown') return suspect;
  const facts = await readFunctionFacts(suspect, deps.aws, patient);
  return { ...suspect, sharing: sharingOf(facts) };
};

/** Reads and saves what was missing before, then contains: the same order as the first time. */
const containLate = async (
  { responder, target }: Aim,
  found: Case,
  deps: ContainDeps,
): Promise<Action> => {
  const { head, befores } = found;
  const one = { responder: responder.id, target };
  const recorded = await heldRecord(deps.table, found, one);
  if (recorded)
    return applyOne({ responder, target, before: { ok: true, value: recorded.before } }, deps);
  const before = await attempt(patient.factsMs, responder.before(target, deps.aws));
  if (before.ok)
    await saveBefore(deps.table, head.id, {
      ...one,
      before: before.value,
      order: befores.length,
      since: deps.now(),
    });
  return applyOne({ responder, target, before }, deps);
};

const begun = ({ actions }: Case): Action[] =>
  actions.filter(({ outcome }) => ['contained', 'applied', 'not-contained'].includes(outcome));

/**
 * What this suspect calls for, and what was begun when less was known of it: an outcome at which
 * nobody looks again would go stale.
 */
const aimsAt = (suspect: Suspect, found: Case, catalog: readonly Responder[]): Aim[] =>
  catalog.flatMap((responder) => {
    const earlier = begun(found).filter((action) => action.responder === responder.id);
    const targets = new Set([
      ...responder.targets(suspect),
      ...earlier.map(({ target }) => target),
    ]);
    return [...targets].map((target) => ({ responder, target }));
  });

interface Looked {
  readonly action: Action;
  /** It held before and did not hold now: somebody took it away. */
  readonly removed: boolean;
}

const look = async (aim: Aim, found: Case, deps: ContainDeps): Promise<Looked> => {
  const { responder, target } = aim;
  const one = { responder: responder.id, target };
  const known = actionOf(found, one);
  const holds = await attempt(patient.factsMs, responder.holds(target, deps.aws));
  if (known?.acceptedMs && holds.ok && holds.value) {
    const effectiveMs = known.effectiveMs ?? deps.now();
    return {
      action: { ...one, outcome: 'contained', acceptedMs: known.acceptedMs, effectiveMs },
      removed: false,
    };
  }
  // What held and is gone cannot act any more: that is no failure of the containment.
  if (known?.outcome === 'contained' && !holds.ok && holds.missing)
    return { action: known, removed: false };
  const removed = known?.outcome === 'contained' && holds.ok;
  return { action: await containLate(aim, found, deps), removed };
};

/**
 * Released, or taken back in part: a person has decided, and what is still held is for that release
 * to free.
 */
const isTakenBack = (found: Case, suspect: Suspect, { catalog }: ContainDeps): boolean =>
  targetsOf(catalog, suspect)
    .map(({ responder, target }) => actionOf(found, { responder: responder.id, target }))
    .some(
      (action) =>
        action !== undefined && ['released', 'not-released', 'kept'].includes(action.outcome),
    );

const watching = ({ state, decision, suspect }: Head): boolean =>
  suspect !== null &&
  decision.kind === 'contain' &&
  ['open', 'contained', 'partial', 'not-contained', 'contested'].includes(state);

/**
 * Nobody is left behind at work when one fails: what goes on after this run would change what a
 * release has taken back.
 */
const all = async <T>(work: readonly Promise<T>[]): Promise<T[]> => {
  await Promise.allSettled(work);
  return Promise.all(work);
};

const lookAtAll = async (
  turn: Turn,
  known: Suspect,
  found: Case,
  deps: ContainDeps,
): Promise<Watched> => {
  const { table, catalog, log } = deps;
  const { head } = turn;
  const suspect = await widened(known, deps);
  const looked = await all(aimsAt(suspect, found, catalog).map((aim) => look(aim, found, deps)));
  const actions = looked.map(({ action }) => action);
  const removed = looked
    .filter((one) => one.removed)
    .map(({ action }) => `${action.responder} on ${action.target}`);
  const reached = stateOf(actions);
  const state =
    reached === 'contained' && (removed.length > 0 || head.state === 'contested')
      ? 'contested'
      : reached;
  const seen = clocksOf(actions);
  // A clock stops once: what the first containment wrote down stays.
  const clocks = {
    accepted: head.clocks.accepted ?? seen.accepted,
    effective: head.clocks.effective ?? seen.effective,
  };
  const change = { state, ...(!isDeepStrictEqual(suspect, head.suspect) && { suspect }) };
  await saveActions(table, head.id, actions);
  if (!(await endTurn(deps, turn, change, clocks)))
    throw new BusyError('the incident was changed meanwhile');
  log('watched', { incidentId: head.id, state, removed });
  return { holds: reached === 'contained', state };
};

/**
 * Looks again at every target, repairs what does not hold, and says whether all of it holds now.
 */
export const watch = async (id: string, deps: ContainDeps): Promise<Watched> => {
  const found = await readCase(deps.table, id);
  const { head } = found;
  const { suspect } = head;
  if (deps.settings.dryRun || !watching(head) || !suspect || isTakenBack(found, suspect, deps))
    return { holds: true, state: head.state };
  return during(deps, await takeTurn(deps, head, turnSeconds.watch), (turn) =>
    lookAtAll(turn, suspect, found, deps),
  );
};
