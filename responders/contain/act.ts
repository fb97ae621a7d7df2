import type { Head } from '../incident/case.ts';
import { readCase } from '../incident/read-case.ts';
import { saveActions } from '../incident/records.ts';
import type { ContainDeps } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { clocksOf, stateOf } from './outcome.ts';
import { applyOne, plan, type Reading } from './run.ts';
import { during, endTurn, type Turn } from './turn.ts';

/** Who opens an incident has the first turn: the one durable write says so, too. */
export const firstTurn = (head: Head): Turn => ({ head, other: 0 });

/** Applies what was read and saved, and writes down what came of it. */
export const act = (
  turn: Turn,
  readings: readonly Reading[],
  deps: ContainDeps,
): Promise<Contained> =>
  during(deps, turn, async () => {
    const { head } = turn;
    const { table, settings, log } = deps;
    const actions = settings.dryRun
      ? plan(readings)
      : await Promise.all(readings.map((reading) => applyOne(reading, deps)));
    const state = stateOf(actions);
    await saveActions(table, head.id, actions);
    // A retry that has taken over says how it is: this run knows less.
    if (!(await endTurn(deps, turn, { state }, clocksOf(actions))))
      return contained((await readCase(table, head.id)).head, deps);
    log('contained', { incidentId: head.id, state, actions });
    return contained({ ...head, state }, deps);
  });
