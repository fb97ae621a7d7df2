import { isDeepStrictEqual } from 'node:util';
import { actionOf, type BeforeRecord, type Case, recordOf } from '../incident/case.ts';
import { freeTarget, handOver, holdersOf, lastFreed } from '../incident/holds.ts';
import type { Action, IncidentState } from '../incident/incident.ts';
import type { About } from '../incident/keys.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions } from '../incident/records.ts';
import { attempt } from '../shared/attempt.ts';
import { BusyError, EdgeError } from '../shared/errors.ts';
import type { ContainDeps } from './judge.ts';
import { type Undo, undoOne } from './run.ts';
import { during, endTurn, type Turn, takeTurn, turnSeconds } from './turn.ts';

export interface ReleaseRequest {
  readonly incidentId: string;
  readonly by: string;
  readonly reason: string;
}

export interface Released {
  readonly incidentId: string;
  readonly released: boolean;
  readonly state: IncidentState;
  readonly actions: readonly Action[];
}

const outcome = (
  { responder, target }: About,
  outcome: 'released' | 'kept',
  reason: string,
): Action => ({
  responder,
  target,
  outcome,
  reason,
  acceptedMs: null,
  effectiveMs: null,
});

const isFree = ({ outcome }: Action): boolean => outcome === 'released' || outcome === 'kept';

/** How long a look at a target may take. */
const patienceMs = 10_000;

/**
 * Success is what is seen: a restored target looks as it did. Where it does not, somebody changed
 * it meanwhile, and the report says so.
 */
const looked = async (
  undo: Undo,
  { step: _step, ...action }: Action,
  { aws }: ContainDeps,
): Promise<Action> => {
  const seen = await attempt(patienceMs, undo.responder.before(undo.target, aws));
  if (!seen.ok && seen.missing)
    return {
      ...action,
      outcome: 'released',
      reason: 'it does not exist any more: there is nothing to put back',
    };
  const now: unknown = seen.ok ? JSON.parse(JSON.stringify(seen.value)) : undefined;
  // Also where the last call failed, because somebody else took it back at the same moment.
  if (seen.ok && isDeepStrictEqual(now, undo.before)) return { ...action, outcome: 'released' };
  if (action.outcome !== 'released') return { ...action, step: 'undo' };
  if (!seen.ok)
    return {
      ...action,
      outcome: 'not-released',
      step: 'undo',
      reason: `undone, but it cannot be seen: ${seen.why}`,
    };
  return {
    ...action,
    reason: `undone; it now differs from before: ${JSON.stringify(now).slice(0, 200)}`,
  };
};

/**
 * A target may be read while the release of another incident frees it, and may look contained for
 * this long after that.
 */
const settlesMs = 10_000;

/**
 * What was read while it was being freed shows somebody else’s containment; whoever freed it knew
 * how it was.
 */
const trueRecord = async (record: BeforeRecord, { table }: ContainDeps): Promise<BeforeRecord> => {
  const freed = await lastFreed(table, record);
  return freed && record.since < freed.at + settlesMs
    ? { ...record, before: freed.before }
    : record;
};

/**
 * What another open incident needs contained is left to it; what this one does not hold any more
 * was taken back before.
 */
const undo = async (
  { responder: responderId, target }: About,
  id: string,
  deps: ContainDeps,
): Promise<Action> => {
  const { table, catalog } = deps;
  const one = { responder: responderId, target };
  const holders = await holdersOf(table, one);
  // After the holders: one of them may just have left us the target, with an earlier record.
  const found = await readCase(table, id);
  const [known, read] = [actionOf(found, one), recordOf(found, one)];
  const record = read && (await trueRecord(read, deps));
  if (!record || !holders.some((holder) => holder.id === id))
    return known && isFree(known) ? known : outcome(one, 'released', 'it was taken back before');
  const other = holders.find((holder) => holder.id !== id);
  if (other)
    return (await handOver(table, id, other, record))
      ? outcome(one, 'kept', `${other.id} still needs it contained`)
      : undo(one, id, deps);
  const responder = catalog.find((entry) => entry.id === responderId);
  if (!responder)
    throw new EdgeError(`before-record of ${responderId}: wanted a responder of the catalogue`);
  const aim = { ...record, responder };
  const action = await looked(aim, await undoOne(aim, deps), deps);
  return !isFree(action) || (await freeTarget(table, id, record, deps.now()))
    ? action
    : undo(one, id, deps);
};

/** When the change was made and seen stays true after it was taken back. */
const timesOf = (action: Action | undefined): Pick<Action, 'acceptedMs' | 'effectiveMs'> => ({
  acceptedMs: action?.acceptedMs ?? null,
  effectiveMs: action?.effectiveMs ?? null,
});

/**
 * The ways in are opened last: what comes to a function that cannot work yet fails, and counts as
 * tried in its queue.
 */
const inOrder = (befores: readonly BeforeRecord[], { catalog }: ContainDeps): BeforeRecord[] => {
  const rank = ({ responder }: BeforeRecord): number =>
    catalog.findIndex(({ id }) => id === responder);
  return befores.toSorted((one, other) => rank(one) - rank(other));
};

const undoAll = async (
  turn: Turn,
  { incidentId, by, reason }: ReleaseRequest,
  found: Case,
  deps: ContainDeps,
): Promise<Released> => {
  const { table, now, log } = deps;
  const { befores } = found;
  const actions: Action[] = [];
  for (const record of inOrder(befores, deps))
    actions.push({
      ...(await undo(record, incidentId, deps)),
      ...timesOf(actionOf(found, record)),
    });
  const done = actions.every(isFree);
  await saveActions(table, incidentId, actions);
  const at = now();
  const state: IncidentState = done ? 'released' : 'partial';
  const change = { state, ...(done && { release: { at, by, reason } }) };
  if (!(await endTurn(deps, turn, change, done ? { released: at } : {})))
    throw new BusyError('the incident was changed meanwhile');
  log('released', { incidentId, by, done, actions });
  return { incidentId, released: done, state, actions };
};

/** Takes containment back, from before-records only. Says released only when every target is. */
export const release = async (request: ReleaseRequest, deps: ContainDeps): Promise<Released> => {
  const { incidentId } = request;
  const found = await readCase(deps.table, incidentId);
  const { head, befores } = found;
  if (head.state === 'released')
    return { incidentId, released: true, state: 'released', actions: [] };
  if (befores.length === 0)
    throw new EdgeError(
      `${incidentId} is ${head.state}: nothing was contained, so there is nothing to release`,
    );
  return during(deps, await takeTurn(deps, head, turnSeconds.release), (turn) =>
    undoAll(turn, request, found, deps),
  );
};
