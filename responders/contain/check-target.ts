import type { Deadlines } from '../decide/suspect-kind.ts';
import { actionOf, type Case } from '../incident/case.ts';
import { heldRecord } from '../incident/holds.ts';
import type { Action } from '../incident/incident.ts';
import { saveBefore } from '../incident/records.ts';
import { attempt } from '../shared/attempt.ts';
import type { ContainDeps } from './judge.ts';
import { type Aim, applyAndCheck, recordKeyOf } from './run.ts';

/** With the changes, a look ends within the minute that its function has. */
export const watchDeadlines: Deadlines = { factsMs: 6_000, neighboursMs: 10_000 };

/**
 * Contains a target whose change does not hold. Uses the before-record that the incident has
 * already; otherwise reads the target and stores one before the change.
 */
const repair = async (aim: Aim, incident: Case, deps: ContainDeps): Promise<Action> => {
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

export interface CheckedTarget {
  readonly action: Action;
  /** The change held at an earlier check and does not hold now, so another principal removed it. */
  readonly removed: boolean;
}

/** Looks at one target, and contains it where its change does not hold. */
export const checkTarget = async (
  aim: Aim,
  incident: Case,
  deps: ContainDeps,
): Promise<CheckedTarget> => {
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
  return { action: await repair(aim, incident, deps), removed };
};
