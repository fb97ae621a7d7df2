import { dirname, join } from 'node:path';
import type { Connection } from '../local/engine/connect.ts';
import { withLock } from '../local/engine/lock.ts';
import { localPlace } from '../local/place.ts';
import { caseTable, holdersOf } from '../operator/cases.ts';
import { CordonError, explain } from '../operator/errors.ts';
import type { Place } from '../operator/place.ts';
import { noClocks } from '../responders/incident/case.ts';
import { printable } from '../responders/shared/printable.ts';
import { accountState } from './account-state.ts';
import { probeClocks } from './judge-attack.ts';
import { play, type Rehearsal } from './play.ts';
import { restore } from './restore.ts';
import type { DrillClocks, DrillResult } from './result.ts';
import { type Scenario, stageOf } from './scenario.ts';
import { scenarios } from './scenarios.ts';
import { keepScorecard, scorecardOf } from './scorecards.ts';
import type { Seen } from './seen.ts';
import { tellResult } from './tell.ts';

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
  const found = scenarios.find((one) => one.id === id);
  if (found) return found;
  throw new CordonError(
    `no scenario ${printable(id, 60)}: choose one of ${scenarios.map((one) => one.id).join(', ')}`,
    { code: 2 },
  );
};

const nothingSeen = (scenario: Scenario, suspect: Seen['suspect']): Seen => ({
  suspect,
  responders: scenario.responders,
  injectedAt: null,
  releasedAt: null,
  openAgainAt: null,
  calls: [],
  knocks: [],
  contained: null,
  closed: null,
  evidence: null,
  timeline: null,
  report: null,
  released: null,
  mails: null,
  differences: null,
  left: null,
  broke: null,
});

const clocksOf = (seen: Seen): DrillClocks => ({
  ...noClocks(),
  ...(seen.closed ?? seen.contained)?.head.clocks,
  injected: seen.injectedAt,
  ...probeClocks(seen),
  openAgain: seen.openAgainAt,
});

/** What was seen, judged. Passed is what passed all of its checks; nothing is passed by default. */
export const judged = (
  { id, checks: judges }: { readonly id: string } & Pick<Scenario, 'checks'>,
  seen: Seen,
  incidentId: string | null,
): DrillResult => {
  const checks = judges.map((judge) => judge(seen));
  return {
    scenario: id,
    incidentId: incidentId ?? '',
    passed: checks.length > 0 && checks.every(({ passed }) => passed),
    checks,
    clocks: clocksOf(seen),
    restored: seen.differences?.length === 0 && seen.left?.length === 0,
  };
};

/**
 * The target must be free: what is contained already would pass every check without being contained
 * by us.
 */
const assertFree = async (place: Place, functionName: string): Promise<void> => {
  const [holder] = await holdersOf(await caseTable(place), functionName);
  if (holder)
    throw new CordonError(
      `${functionName} is still contained by ${holder}: run cordon release ${holder} --reason "left by a drill", then drill again`,
    );
};

const rehearse = async (
  scenario: Scenario,
  place: Place,
  { progress, now = Date.now, signal, incidentWithin = 20_000 }: Omit<DrillDeps, 'connection'>,
): Promise<DrillResult> => {
  const [suspect, targets] = await Promise.all([scenario.suspect(place), scenario.targets(place)]);
  await assertFree(place, suspect.functionName);
  const [before, stage] = await Promise.all([
    accountState(targets, await place.config('operator')),
    stageOf(place, now),
  ]);
  const rehearsal: Rehearsal = {
    scenario,
    stage,
    table: await caseTable(place),
    targets,
    before,
    progress,
    signal,
    incidentWithin,
    seen: nothingSeen(scenario, suspect),
    attack: null,
    probing: null,
    claim: null,
    incidentId: null,
  };
  try {
    await play(rehearsal);
  } catch (error) {
    rehearsal.seen = { ...rehearsal.seen, broke: explain(error, '.cordon').message };
    progress(`stopped: ${rehearsal.seen.broke}; putting everything back`);
  }
  await restore(rehearsal);
  return judged(scenario, rehearsal.seen, rehearsal.incidentId);
};

/** Rehearses one scenario against a place, and keeps its scorecard. */
export const rehearseAt = async (
  place: Place,
  id: string,
  { file, ...deps }: Omit<DrillDeps, 'connection'> & { readonly file: string },
): Promise<DrillResult> => {
  const scenario = scenarioOf(id);
  const lock = join(dirname(file), `drill-${place.local?.port ?? place.account}.lock`);
  const onWait = (pid: number): void =>
    deps.progress(`another drill is running (process ${pid}); waiting for it`);
  const result = await withLock(lock, () => rehearse(scenario, place, deps), {
    onWait,
    signal: deps.signal,
  });
  keepScorecard(file, scorecardOf(result, new Date()));
  await tellResult(place, result, deps.progress);
  return result;
};

/**
 * Runs one drill against the running `cordon up`. Whatever happens on the way, it tries to put
 * everything back.
 */
export const runDrill = (
  scenario: string,
  { connection, ...deps }: DrillDeps,
): Promise<DrillResult> =>
  rehearseAt(localPlace(connection), scenario, {
    ...deps,
    file: join(dirname(connection.runDir), 'scorecards.jsonl'),
  });
