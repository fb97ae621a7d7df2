import { describe, expect, it } from 'vitest';
import { containmentChecks } from '../../../game-day/checks.ts';
import { judged } from '../../../game-day/drill.ts';
import { elapsed, elapsedMs, elapsedText, moments } from '../../../game-day/elapsed.ts';
import type { Observations } from '../../../game-day/observations.ts';
import { scorecardOf } from '../../../game-day/scorecards.ts';
import { perfect } from '../../support/game-day/observations.ts';

describe('the time between two moments', () => {
  it('is a number of milliseconds where both are known', () => {
    const time = elapsed(moments.injected(1_000), moments.firstDenied(1_500.4));

    expect([elapsedMs(time), elapsedText(time)]).toEqual([500, '500 ms']);
  });

  it.each([
    [null, 1_500, '– (no finding was put on the bus)'],
    [1_000, null, '– (no call was denied)'],
    [null, null, '– (no finding was put on the bus)'],
    [Number.NaN, 1_500, '– (no finding was put on the bus)'],
    [1_000, Number.POSITIVE_INFINITY, '– (no call was denied)'],
  ])('is a dash with the reason from %s to %s', (from, to, text) => {
    const time = elapsed(moments.injected(from), moments.firstDenied(to));

    expect([elapsedMs(time), elapsedText(time)]).toEqual([null, text]);
  });
});

/** A drill of today: a time that is missing and counted as 0 would show as a huge number. */
const epoch = 1_795_924_590_000;

const today = (): Observations => {
  const drill = perfect();
  return {
    ...drill,
    injectedAt: (drill.injectedAt ?? 0) + epoch,
    releasedAt: (drill.releasedAt ?? 0) + epoch,
    openAgainAt: (drill.openAgainAt ?? 0) + epoch,
    calls: drill.calls.map((call) => ({ ...call, at: call.at + epoch })),
  };
};

const stillAllowed = (): Observations['calls'] =>
  today().calls.map((call) => ({ ...call, outcome: 'allowed' }));

const missing: readonly (readonly [string, Partial<Observations>])[] = [
  ['the finding was not put on the bus', { injectedAt: null }],
  ['nothing was released', { releasedAt: null }],
  ['nothing was released, and the attack goes on', { releasedAt: null, calls: stillAllowed() }],
  ['no probe made a call', { calls: [] }],
  ['the incident was never seen', { contained: null, closed: null }],
  ['nothing was seen', { injectedAt: null, releasedAt: null, openAgainAt: null, contained: null }],
];

describe('no number follows from nothing when', () => {
  it.each(missing)('%s', (_name, change) => {
    const seen = { ...today(), ...change };
    const result = judged({ id: 'a-drill', checks: containmentChecks }, seen, null);
    const { lastAllowedMs, firstDeniedMs } = scorecardOf(result, new Date(epoch));
    const numbers = [
      ...result.checks.flatMap(({ detail }) => detail.match(/-?\d+(?= ms)/g) ?? []).map(Number),
      ...[lastAllowedMs, firstDeniedMs].filter((ms) => ms !== null),
    ];

    expect(numbers.filter((ms) => ms < 0 || ms > 60_000)).toEqual([]);
  });

  it('a session that is never released says so', () => {
    const seen = { ...today(), releasedAt: null, calls: stillAllowed() };
    const { checks } = judged({ id: 'a-drill', checks: containmentChecks }, seen, null);

    expect(checks.find(({ name }) => name === 'the stolen session is denied')?.detail).toBe(
      'theft: still allowed at the end, and never released',
    );
  });
});
