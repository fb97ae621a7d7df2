import { describe, expect, it } from 'vitest';
import { watchClock, withClockJump } from '../../../game-day/clock-watch.ts';
import { noClocks } from '../../../responders/incident/case.ts';

/** Clocks of a machine on which time passes and jumps as told. */
const machine = () => {
  const at = { wall: 1_790_000_000_000, steady: 5_000 };
  return {
    clocks: { wall: () => at.wall, steady: () => at.steady },
    pass: (ms: number): void => {
      at.wall += ms;
      at.steady += ms;
    },
    jump: (ms: number): void => {
      at.wall += ms;
    },
  };
};

describe('the watch of the clock', () => {
  it.each([
    ['passes', 0, 0],
    ['is corrected a little', 80, 0],
    ['jumps forward, or stands while the machine sleeps', 3_600_000, 3_600_000],
    ['is set back', -7_000, -7_000],
  ])('time %s', (_what, jumpMs, noticed) => {
    const { clocks, pass, jump } = machine();
    const watch = watchClock(clocks);

    pass(90_000);
    jump(jumpMs);
    pass(90_000);

    expect(watch.stop()).toBe(noticed);
  });

  it('notices a clock that is set and set right again', async () => {
    const { clocks, jump } = machine();
    const watch = watchClock(clocks);

    jump(60_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    jump(-60_000);

    expect(watch.stop()).toBe(60_000);
  });
});

describe('a jump of the clock', () => {
  const clocks = {
    ...noClocks(),
    injected: null,
    lastAllowed: null,
    firstDenied: null,
    openAgain: null,
  };
  const result = (passed: boolean) => ({
    scenario: 'one',
    incidentId: 'inc-1',
    passed,
    checks: [
      { name: 'containment is fast' as const, passed: true, detail: 'in 2 s' },
      { name: 'containment is fast' as const, passed, detail: 'by nothing' },
    ],
    clocks,
    restored: true,
  });

  it('is named as the cause at the first check that failed', () => {
    expect(withClockJump(result(false), -7_400).checks.map(({ detail }) => detail)).toEqual([
      'in 2 s',
      'by nothing; the clock of this machine jumped by -7.4 s during the drill (it was set, or ' +
        'the machine slept), so its times say nothing: run the drill again',
    ]);
  });

  it('is no news of a drill that passed, and none without a jump', () => {
    expect(withClockJump(result(true), 9_000)).toEqual(result(true));
    expect(withClockJump(result(false), 0)).toEqual(result(false));
  });
});
