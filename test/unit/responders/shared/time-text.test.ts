import { expect, it } from 'vitest';
import { duration, inZone, offset, timeOfDay } from '../../../../responders/shared/time-text.ts';

const moment = Date.parse('2026-11-21T10:00:07.250Z');

it.each([
  [440, '0.4 s'],
  [-440, '0.4 s'],
  [38_200, '38 s'],
  [119_000, '119 s'],
  [720_000, '12 min'],
  [11_100_000, '3 h 5 min'],
  [10_800_000, '3 h'],
  [259_200_000, '3 days'],
])('%d ms last %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it('a moment is said in UTC, and once more where the reader’s clock shows another time', () => {
  expect(inZone(moment, 'UTC')).toBe('2026-11-21 10:00:07 UTC');
  expect(inZone(moment, 'Europe/Vienna')).toBe('2026-11-21 10:00:07 UTC (11:00:07 UTC+01:00)');
  expect(timeOfDay(moment)).toBe('10:00:07');
});

it('an offset says by its sign whether it was before or after', () => {
  expect(offset(moment + 38_000, moment)).toBe('+38 s');
  expect(offset(moment, moment)).toBe('+0.0 s');
  expect(offset(moment - 400, moment)).toBe('−0.4 s');
});
