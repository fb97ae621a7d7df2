import { isDeepStrictEqual } from 'node:util';
import { actionOf, type BeforeRecord, type Case, recordOf } from '../incident/case.ts';
import { freeTarget, handOver, holdersOf, lastFreed } from '../incident/holds.ts';
import type { Action, IncidentState } from '../incident/incident.ts';
import type { About } from '../incident/keys.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions, saveDenial } from '../incident/records.ts';
import { attempt } from '../shared/attempt.ts';
import { BusyError, EdgeError } from '../shared/errors.ts';
import { earlierSessions } from './earlier-sessions.ts';
import type { ContainDeps } from './judge.ts';
import { type Undo, undoAim } from './run.ts';
import { endTurn, type Turn, takeTurn, turnSeconds, withTurn } from './turn.ts';

export interface ReleaseRequest {
  readonly incidentId: string;
  readonly by: string;
  readonly reason: string;
  /** A person has decided that sessions from before the release may work again. */
  readonly letSessionsLive: boolean;
}

export interface Released {
  readonly incidentId: string;
  readonly released: boolean;
  readonly state: IncidentState;
  readonly actions: readonly Action[];
}

const withoutUndo = (
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

const isFreed = ({ outcome }: Action): boolean => outcome === 'released' || outcome === 'kept';

/** How long the check of a restored target may take. */
const checkDeadlineMs = 10_000;

/**
 * The outcome of an undo, decided by reading the target again: released if it equals its
 * before-record. A difference after a successful undo means that another principal changed the
 * target meanwhile; the report prints it.
 */
const checkUndone = async (
  undo: Undo,
  { step: _step, ...action }: Action,
  { aws }: ContainDeps,
): Promise<Action> => {
  const seen = await attempt(checkDeadlineMs, undo.responder.before(undo.target, aws));
  if (!seen.ok && seen.missing)
    return {
      ...action,
      outcome: 'released',
      reason: 'it does not exist any more: there is nothing to put back',
    };
  const now: unknown = seen.ok ? JSON.parse(JSON.stringify(seen.value)) : undefined;
  // Also after a failed call: it may have failed because another run restored the target.
  if (seen.ok && isDeepStrictEqual(now, undo.before)) return { ...action, outcome: 'released' };
  if (action.outcome !== 'released') return { ...action, step: 'undo' };
  if (!seen.ok)
    return {
      ...action,
      outcome: 'not-released',
      step: 'undo',
      reason: `undone, but not verified: ${seen.why}`,
    };
  return {
    ...action,
    reason: `undone; it now differs from before: ${JSON.stringify(now).slice(0, 200)}`,
  };
};

/**
 * For how long after another incident's release a target may still look contained. A before-record
 * that was read in this time may show that containment instead of the original state.
 */
const settlesMs = 10_000;

/** Replaces such a before-record by the state that the other release restored. */
const correctedRecord = async (
  record: BeforeRecord,
  { table }: ContainDeps,
): Promise<BeforeRecord> => {
  const freed = await lastFreed(table, record);
  return freed && record.since < freed.at + settlesMs
    ? { ...record, before: freed.before }
    : record;
};

/**
 * Restores one target. A target that another open incident needs contained stays contained, and
 * that incident gets the before-record. A target that this incident no longer holds was restored
 * earlier.
 */
const undo = async (
  { responder: responderId, target }: About,
  id: string,
  deps: ContainDeps,
): Promise<Action> => {
  const { table, catalog } = deps;
  const key = { responder: responderId, target };
  const holders = await holdersOf(table, key);
  // Read after the holders: one of them may just have handed its earlier record to this incident.
  const incident = await readCase(table, id);
  const [known, read] = [actionOf(incident, key), recordOf(incident, key)];
  const record = read && (await correctedRecord(read, deps));
  if (!record || !holders.some((holder) => holder.id === id))
    return known && isFreed(known)
      ? known
      : withoutUndo(key, 'released', 'it was taken back before');
  const otherHolder = holders.find((holder) => holder.id !== id);
  if (otherHolder)
    return (await handOver(table, id, otherHolder, record))
      ? withoutUndo(key, 'kept', `${otherHolder.id} still needs it contained`)
      : undo(key, id, deps);
  const responder = catalog.find((entry) => entry.id === responderId);
  if (!responder)
    throw new EdgeError(`before-record of ${responderId}: wanted a responder of the catalogue`);
  const aim = { ...record, responder };
  const action = await checkUndone(aim, await undoAim(aim, deps), deps);
  return !isFreed(action) || (await freeTarget(table, id, record, deps.now()))
    ? action
    : undo(key, id, deps);
};

/** The times of the containment stay in the outcome after the release. */
const timesOf = (action: Action | undefined): Pick<Action, 'acceptedMs' | 'effectiveMs'> => ({
  acceptedMs: action?.acceptedMs ?? null,
  effectiveMs: action?.effectiveMs ?? null,
});

/**
 * The order of the catalogue, in which entry points come last: an event that reaches a function
 * without its permissions fails, and its queue counts the attempt.
 */
const inUndoOrder = (
  befores: readonly BeforeRecord[],
  { catalog }: ContainDeps,
): BeforeRecord[] => {
  const rank = ({ responder }: BeforeRecord): number =>
    catalog.findIndex(({ id }) => id === responder);
  return befores.toSorted((left, right) => rank(left) - rank(right));
};

const undoAll = async (
  turn: Turn,
  { incidentId, by, reason, letSessionsLive }: ReleaseRequest,
  incident: Case,
  deps: ContainDeps,
): Promise<Released> => {
  const { table, now, log } = deps;
  const { befores, head } = incident;
  const sessions = await earlierSessions(head, letSessionsLive, deps);
  const actions: Action[] = [];
  for (const record of inUndoOrder(befores, deps))
    actions.push({
      ...(await undo(record, incidentId, deps)),
      ...timesOf(actionOf(incident, record)),
    });
  const done = actions.every(isFreed);
  await saveActions(table, incidentId, actions);
  const at = now();
  const state: IncidentState = done ? 'released' : 'partial';
  if (done && sessions?.denied) await saveDenial(table, incidentId, sessions.until);
  const change = {
    state,
    ...(done && { release: { at, by, reason, ...(sessions && { sessions }) } }),
  };
  if (!(await endTurn(deps, turn, change, done ? { released: at } : {})))
    throw new BusyError('another execution changed the incident at the same time');
  log('released', { incidentId, by, done, actions });
  return { incidentId, released: done, state, actions };
};

/** Undoes containment, from before-records only. Released means that every target is restored. */
export const release = async (request: ReleaseRequest, deps: ContainDeps): Promise<Released> => {
  const { incidentId } = request;
  const incident = await readCase(deps.table, incidentId);
  const { head, befores } = incident;
  if (head.state === 'released')
    return { incidentId, released: true, state: 'released', actions: [] };
  if (befores.length === 0)
    throw new EdgeError(
      `${incidentId} is ${head.state}: nothing was contained, so there is nothing to release`,
    );
  return withTurn(deps, await takeTurn(deps, head, turnSeconds.release), (turn) =>
    undoAll(turn, request, incident, deps),
  );
};
