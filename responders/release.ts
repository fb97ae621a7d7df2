import { isDeepStrictEqual } from 'node:util';
import { type About, actionOf, type BeforeRecord, readCase, recordOf } from './core/case.ts';
import { dropHold, handOver, holdersOf, saveActions, update } from './core/case-table.ts';
import { EdgeError } from './core/errors.ts';
import { attempt } from './core/facts.ts';
import type { Action, IncidentState } from './core/incident.ts';
import type { Containing } from './judge.ts';
import { type Undo, undoOne } from './run.ts';

export interface Asked {
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

const outcome = ({ responder, target }: About, outcome: 'released' | 'kept', reason: string): Action => ({
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

/** Success is what is seen: a restored target looks as it did. Where it does not, somebody changed it meanwhile, and the report says so. */
const looked = async (undo: Undo, { step: _step, ...action }: Action, { aws }: Containing): Promise<Action> => {
  const seen = await attempt(patienceMs, undo.responder.before(undo.target, aws));
  if (!seen.ok && seen.missing)
    return { ...action, outcome: 'released', reason: 'it does not exist any more: there is nothing to put back' };
  if (action.outcome !== 'released') return { ...action, step: 'undo' };
  if (!seen.ok) return { ...action, outcome: 'not-released', step: 'undo', reason: `undone, but it cannot be seen: ${seen.why}` };
  const now: unknown = JSON.parse(JSON.stringify(seen.value));
  if (isDeepStrictEqual(now, undo.before)) return action;
  return { ...action, reason: `undone; it now differs from before: ${JSON.stringify(now).slice(0, 200)}` };
};

/** What another open incident needs contained is left to it; what this one does not hold any more was taken back before. */
const undo = async ({ responder: responderId, target }: About, id: string, deps: Containing): Promise<Action> => {
  const { table, catalog } = deps;
  const one = { responder: responderId, target };
  const holders = await holdersOf(table, one);
  // After the holders: one of them may just have left us the target, with an earlier record.
  const found = await readCase(table, id);
  const [known, record] = [actionOf(found, one), recordOf(found, one)];
  if (!record || !holders.some((holder) => holder.id === id))
    return known && isFree(known) ? known : outcome(one, 'released', 'it was taken back before');
  const other = holders.find((holder) => holder.id !== id);
  if (other)
    return (await handOver(table, id, other, record)) ? outcome(one, 'kept', `${other.id} still needs it contained`) : undo(one, id, deps);
  const responder = catalog.find((entry) => entry.id === responderId);
  if (!responder) throw new EdgeError(`before-record of ${responderId}: wanted a responder of the catalogue`);
  const aim = { ...record, responder };
  const action = await looked(aim, await undoOne(aim, deps), deps);
  if (isFree(action)) await dropHold(table, id, one);
  return action;
};

/** When the change was made and seen stays true after it was taken back. */
const timesOf = (action: Action | undefined): Pick<Action, 'acceptedMs' | 'effectiveMs'> => ({
  acceptedMs: action?.acceptedMs ?? null,
  effectiveMs: action?.effectiveMs ?? null,
});

/** The ways in are opened last: what comes to a function that cannot work yet fails, and counts as tried in its queue. */
const inOrder = (befores: readonly BeforeRecord[], { catalog }: Containing): BeforeRecord[] => {
  const rank = ({ responder }: BeforeRecord): number => catalog.findIndex(({ id }) => id === responder);
  return befores.toSorted((one, other) => rank(one) - rank(other));
};

/** Takes containment back, from before-records only. Says released only when every target is. */
export const release = async ({ incidentId, by, reason }: Asked, deps: Containing): Promise<Released> => {
  const { table, now, log } = deps;
  const found = await readCase(table, incidentId);
  const { head, befores } = found;
  if (head.state === 'released') return { incidentId, released: true, state: 'released', actions: [] };
  if (befores.length === 0) throw new EdgeError(`${incidentId} is ${head.state}: nothing was contained, so there is nothing to release`);
  const actions: Action[] = [];
  for (const record of inOrder(befores, deps))
    actions.push({ ...(await undo(record, incidentId, deps)), ...timesOf(actionOf(found, record)) });
  const done = actions.every(isFree);
  await saveActions(table, incidentId, actions);
  const at = now();
  const state: IncidentState = done ? 'released' : 'partial';
  await update(table, incidentId, { state, ...(done && { release: { at, by, reason } }) }, done ? { released: at } : {});
  log('released', { incidentId, by, done, actions });
  return { incidentId, released: done, state, actions };
};
