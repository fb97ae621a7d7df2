import { dirname, join } from 'node:path';
import type { Connection } from '../local/engine/connect.ts';
import { explain } from '../local/engine/disk-errors.ts';
import { withLock } from '../local/engine/lock.ts';
import { drillLockOf } from '../local/engine/run-dir.ts';
import { localPlace } from '../local/place.ts';
import { caseTable } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import type { Place } from '../operator/place.ts';
import { noClocks } from '../responders/incident/case.ts';
import { printable } from '../responders/shared/printable.ts';
import { accountState } from './account-state.ts';
import { watchClock, withClockJump } from './clock-watch.ts';
import { assertFree, heldTargets } from './held-targets.ts';
import { probeClocks } from './judge-attack.ts';
import type { Observations, Workload } from './observations.ts';
import { letGoOfOldDrills } from './old-drills.ts';
import type { Rehearsal } from './rehearsal.ts';
import { restore } from './restore.ts';
import type { DrillClocks, DrillResult } from './result.ts';
import { sendResult } from './result-notice.ts';
import { runAttack } from './run-attack.ts';
import { contextOf, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { keepScorecard, scorecardOf } from './scorecards.ts';

export interface DrillDeps {
  readonly connection: Connection;
  readonly progress: (line: string) => void;
  readonly now?: () => number;
  /** Aborted: the drill stops where it is and puts everything back. */
  readonly signal?: AbortSignal | undefined;
  /** How long an incident may take to appear, in ms. */
  readonly incidentWithin?: number | undefined;
}

const scenarioOf = (id: string): Scenario => {
  const known = scenarios.find((scenario) => scenario.id === id);
  if (known) return known;
  const ids = scenarios.map((scenario) => scenario.id).join(', ');
  throw new CordonError(`no scenario ${printable(id, 60)}: choose one of ${ids}`, { code: 2 });
};

/** What a drill has seen before it begins. */
export const noObservations = (
  { responders }: Pick<Scenario, 'responders'>,
  workload: Workload,
): Observations => ({
  workload,
  responders,
  injectedAt: null,
  releasedAt: null,
  openAgainAt: null,
  calls: [],
  attempts: [],
  contained: null,
  closed: null,
  evidence: null,
  timeline: null,
  report: null,
  released: null,
  mails: null,
  differences: null,
  notCompared: [],
  leftovers: null,
  stoppedBy: null,
});

const clocksOf = (observations: Observations): DrillClocks => ({
  ...noClocks(),
  ...(observations.closed ?? observations.contained)?.head.clocks,
  injected: observations.injectedAt,
  ...probeClocks(observations),
  openAgain: observations.openAgainAt,
});

/** Passed is what passed all of its checks; a drill without checks has not passed. */
export const judged = (
  { id, checks: judges }: { readonly id: string } & Pick<Scenario, 'checks'>,
  observations: Observations,
  incidentId: string | null,
): DrillResult => {
  const checks = judges.map((judge) => judge(observations));
  return {
    scenario: id,
    incidentId: incidentId ?? '',
    passed: checks.length > 0 && checks.every(({ passed }) => passed),
    checks,
    clocks: clocksOf(observations),
    restored: observations.differences?.length === 0 && observations.leftovers?.length === 0,
  };
};

const rehearse = async (
  scenario: Scenario,
  place: Place,
  { progress, now = Date.now, signal, incidentWithin = 20_000 }: Omit<DrillDeps, 'connection'>,
): Promise<DrillResult> => {
  const table = await caseTable(place);
  const [workload, targets, needed] = await Promise.all([
    scenario.workload(place),
    scenario.targets(place),
    scenario.neededFunctions(place),
  ]);
  await assertFree(table, needed);
  const [before, heldBefore, context] = await Promise.all([
    accountState(targets, await place.config('operator')),
    heldTargets(table, targets),
    contextOf(place, now),
  ]);
  const rehearsal: Rehearsal = {
    scenario,
    context,
    table,
    targets,
    before,
    heldBefore,
    progress,
    signal,
    incidentWithin,
    observations: noObservations(scenario, workload),
    attack: null,
    probing: null,
    claim: null,
    incidentId: null,
    denial: null,
  };
  const clock = watchClock({ wall: now, steady: () => performance.now() });
  try {
    await runAttack(rehearsal);
  } catch (error) {
    rehearsal.observations = {
      ...rehearsal.observations,
      stoppedBy: explain(error, '.cordon').message,
    };
    progress(`stopped: ${rehearsal.observations.stoppedBy}; putting everything back`);
  }
  await restore(rehearsal);
  const result = judged(scenario, rehearsal.observations, rehearsal.incidentId);
  return withClockJump(result, clock.stop());
};

/** Runs one drill at a place, appends its scorecard to the file, and sends the result. */
export const rehearseAt = async (
  place: Place,
  id: string,
  { file, ...deps }: Omit<DrillDeps, 'connection'> & { readonly file: string },
): Promise<DrillResult> => {
  const scenario = scenarioOf(id);
  const lock = place.local
    ? drillLockOf(place.local.runDir)
    : join(dirname(file), `drill-${place.account}.lock`);
  const onWait = (pid: number): void =>
    deps.progress(`another drill is running (process ${pid}); waiting for it`);
  const result = await withLock(lock, () => rehearse(scenario, place, deps), {
    onWait,
    signal: deps.signal,
  });
  keepScorecard(file, scorecardOf(result, new Date()));
  await sendResult(place, result, deps.progress);
  if (place.local) {
    await letGoOfOldDrills(place, place.local).catch((error: unknown) =>
      deps.progress(
        `data of old drills could not be deleted: ${explain(error, '.cordon').message}`,
      ),
    );
  }
  return result;
};

/**
 * Runs one drill against the running `cordon up`. It tries to put everything back, whatever step
 * fails.
 */
export const runDrill = (
  scenario: string,
  { connection, ...deps }: DrillDeps,
): Promise<DrillResult> =>
  rehearseAt(localPlace(connection), scenario, {
    ...deps,
    file: join(dirname(connection.runDir), 'scorecards.jsonl'),
  });
