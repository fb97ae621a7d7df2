import { isDeepStrictEqual } from 'node:util';
import { type BeforeRecord, type Case, readCase } from './core/case.ts';
import { dropHold, type Holder, handOver, otherHolders, saveActions, update } from './core/case-table.ts';
import { EdgeError } from './core/errors.ts';
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

/** Another open incident needs the target contained: nothing is undone, and it inherits the earlier before-record. */
const keep = async (record: BeforeRecord, { head: { id } }: Case, holder: Holder, { table }: Containing): Promise<Action> => {
  if (record.since < holder.since) await handOver(table, id, holder.id, record);
  else await dropHold(table, id, record);
  const { responder, target } = record;
  return { responder, target, outcome: 'kept', reason: `${holder.id} still needs it contained`, acceptedMs: null, effectiveMs: null };
};

/** A restored target looks as it did; where it does not, somebody changed it meanwhile, and the report says so. */
const compared = async (undo: Undo, action: Action, { aws }: Containing): Promise<Action> => {
  if (action.outcome !== 'released') return action;
  const now: unknown = JSON.parse(JSON.stringify(await undo.responder.before(undo.target, aws)));
  if (isDeepStrictEqual(now, undo.before)) return action;
  return { ...action, reason: `undone; it now differs from before: ${JSON.stringify(now).slice(0, 200)}` };
};

const undo = async (record: BeforeRecord, found: Case, deps: Containing): Promise<Action> => {
  const [holder] = await otherHolders(deps.table, found.head.id, record);
  if (holder) return keep(record, found, holder, deps);
  const responder = deps.catalog.find(({ id }) => id === record.responder);
  if (!responder) throw new EdgeError(`before-record of ${record.responder}: wanted a responder of the catalogue`);
  const action = await compared({ ...record, responder }, await undoOne({ ...record, responder }, deps), deps);
  if (action.outcome === 'released') await dropHold(deps.table, found.head.id, record);
  return action;
};

/** When the change was made and seen stays true after it was taken back. */
const timesOf = ({ responder, target }: BeforeRecord, { actions }: Case): Pick<Action, 'acceptedMs' | 'effectiveMs'> => {
  const known = actions.find((action) => action.responder === responder && action.target === target);
  return { acceptedMs: known?.acceptedMs ?? null, effectiveMs: known?.effectiveMs ?? null };
};

/** Takes containment back, last change first, from before-records only. Says released only when every target is. */
export const release = async ({ incidentId, by, reason }: Asked, deps: Containing): Promise<Released> => {
  const { table, now, log } = deps;
  const found = await readCase(table, incidentId);
  const { head, befores } = found;
  if (head.state === 'released') return { incidentId, released: true, state: 'released', actions: [] };
  if (befores.length === 0) throw new EdgeError(`${incidentId} is ${head.state}: nothing was contained, so there is nothing to release`);
  const actions: Action[] = [];
  for (const record of befores.toReversed()) actions.push({ ...(await undo(record, found, deps)), ...timesOf(record, found) });
  const done = actions.every(({ outcome }) => outcome === 'released' || outcome === 'kept');
  await saveActions(table, incidentId, actions);
  const at = now();
  const state: IncidentState = done ? 'released' : 'partial';
  await update(table, incidentId, { state, ...(done && { release: { at, by, reason } }) }, done ? { released: at } : {});
  log('released', { incidentId, by, done, actions });
  return { incidentId, released: done, state, actions };
};
