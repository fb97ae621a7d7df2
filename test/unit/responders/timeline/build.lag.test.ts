import { expect, it } from 'vitest';
import { buildTimeline, horizonOf } from '../../../../responders/timeline/build.ts';
import type { Call } from '../../../../responders/timeline/call.ts';
import { call, start } from '../../../support/responders/timeline/records.ts';

const began = Date.parse('2026-11-21T23:57:00Z');
const seconds = 1_000;

/**
 * As measured for CloudTrail's files: half within 200 s, nine of ten within 420 s, the latest after
 * 594 s.
 */
const delayOf = (share: number): number => {
  if (share < 0.5) return 30 + (share / 0.5) * 170;
  return share < 0.9 ? 200 + ((share - 0.5) / 0.4) * 220 : 420 + ((share - 0.9) / 0.1) * 174;
};

/** Evenly spread and without order, the same on every run. */
const share = (index: number): number => (index * 0.618_033_988_75) % 1;

const count = 1_000;
/** Two minutes of attack over midnight; every seventh call is delivered a second time, later. */
const deliveries = Array.from({ length: count }, (_, index) => {
  const at = began + index * 120;
  const made = call({ at: `${new Date(at).toISOString().slice(0, 19)}Z` });
  const first = { made, due: at + delayOf(share(index)) * seconds };
  return index % 7 === 0 ? [first, { made, due: first.due + 30 * seconds }] : [first];
}).flat();

const end = began + count * 120;
const seenAt = (minutes: number): Call[] =>
  deliveries
    .filter(({ due }) => due <= end + minutes * 60 * seconds)
    .sort((one, other) => one.due - other.due)
    .map(({ made }) => made);

const timelineAt = (minutes: number) => {
  const calls = seenAt(minutes);
  return buildTimeline({
    incident: 'inc-1',
    pass: 2,
    window: { from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:30:00Z' },
    calls,
    circle: start(),
    asked: [],
    blindSpots: [],
    horizon: horizonOf(calls),
    turns: { began, accepted: null, effective: null },
    about: new Set(),
  });
};

it('with CloudTrail’s measured delay, duplicates and disorder the timeline is whole after a quarter of an hour, and never longer than the truth', () => {
  const shares = [1, 5, 15].map((minutes) => timelineAt(minutes).all.length / count);
  process.stdout.write(
    `complete at +1, +5, +15 min: ${shares.map((one) => `${(one * 100).toFixed(1)} %`).join(', ')}\n`,
  );

  expect(shares[0]).toBeGreaterThan(0.05);
  expect(shares[1]).toBeGreaterThan(shares[0] ?? 1);
  expect(shares[2]).toBe(1);
  const { all, horizon } = timelineAt(15);
  expect(new Set(all.map(({ id }) => id)).size).toBe(count);
  expect(horizon).toBe(all.at(-1)?.at);
  expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).sort());
});
