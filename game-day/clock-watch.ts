import type { DrillResult } from './result.ts';

/** Below, it is the time service that corrects the clock little by little. */
const NOTICED_MS = 500;
const EVERY_MS = 250;

/** The clocks of this machine: one is set by people and programs, the other only counts on. */
export interface MachineClocks {
  readonly wall: () => number;
  readonly steady: () => number;
}

/**
 * Watches whether the clock jumps. `stop` ends the watch and gives the longest jump in ms, or 0. A
 * machine that sleeps has a jump, too: its steady clock stands still meanwhile.
 */
export const watchClock = ({ wall, steady }: MachineClocks): { stop(): number } => {
  const offset = wall() - steady();
  let longest = 0;
  const look = (): void => {
    const jump = Math.round(wall() - steady() - offset);
    if (Math.abs(jump) > Math.abs(longest)) longest = jump;
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return Math.abs(longest) < NOTICED_MS ? 0 : longest;
    },
  };
};

/** Names a jump of the clock as the cause of a failed drill, at its first failed check. */
export const withClockJump = (result: DrillResult, jumpMs: number): DrillResult => {
  if (result.passed || jumpMs === 0) return result;
  const failed = result.checks.find(({ passed }) => !passed);
  const cause =
    `the clock of this machine jumped by ${(jumpMs / 1_000).toFixed(1)} s during the drill (it ` +
    'was set, or the machine slept), so its times say nothing: run the drill again';
  return {
    ...result,
    checks: result.checks.map((check) =>
      check === failed ? { ...check, detail: `${check.detail}; ${cause}` } : check,
    ),
  };
};
