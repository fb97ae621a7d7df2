import type { Head } from '../incident/case.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions } from '../incident/records.ts';
import type { ContainDeps } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { isObserved } from './opening.ts';
import { clocksOf, stateOf } from './outcome.ts';
import { applyAndCheck, plannedActions, type Reading } from './run.ts';
import { endTurn, type Turn, withTurn } from './turn.ts';

/** The turn of the run that opened the incident: the write that opened it also took the turn. */
export const firstTurn = (head: Head): Turn => ({ head, earlierRunUntil: 0 });

/** Milliseconds since the event; null while not every change was seen to hold. */
const timeToContainOf = ({ clocks }: Head, effective: number | null): number | null => {
  const since = clocks.event ?? clocks.received;
  return effective === null || since === null ? null : effective - since;
};

/** Applies the readings, whose before-records are stored, and saves the outcomes. */
export const applyReadings = (
  turn: Turn,
  readings: readonly Reading[],
  deps: ContainDeps,
): Promise<Contained> =>
  withTurn(deps, turn, async () => {
    const { head } = turn;
    const { table, settings, log } = deps;
    const actions = isObserved(head, settings)
      ? plannedActions(readings)
      : await Promise.all(readings.map((reading) => applyAndCheck(reading, deps)));
    const state = stateOf(actions);
    const clocks = clocksOf(actions);
    await saveActions(table, head.id, actions);
    // A retry has taken the turn over: the state that it wrote is newer than the one of this run.
    if (!(await endTurn(deps, turn, { state }, clocks)))
      return contained((await readCase(table, head.id)).head, deps);
    const { id: incidentId, drill } = head;
    const timeToContain = timeToContainOf(head, clocks.effective);
    log('contained', { incidentId, drill, state, timeToContain, actions });
    return contained({ ...head, state }, deps);
  });
