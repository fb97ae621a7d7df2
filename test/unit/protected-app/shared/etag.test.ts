import { expect, it } from 'vitest';
import { requireIfMatch } from '../../../../protected-app/shared/etag.ts';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';

const statusOf = (header: string | undefined): number => {
  try {
    requireIfMatch(header, 7);
    return 200;
  } catch (error) {
    if (error instanceof HttpProblem) return error.status;
    throw error;
  }
};

it.each([
  ['"7"', 200],
  [' "7" ', 200],
  ['"6", "7"', 200],
  ['"6","7","8"', 200],
  ['"6"', 412],
  ['"77"', 412],
  ['W/"7"', 412],
  ['W/"7", "6"', 412],
  ['"anything"', 412],
  [undefined, 428],
  ['', 428],
  ['  ', 428],
  ['*', 428],
  ['7', 400],
  ['"7', 400],
  ['"7" "8"', 400],
  ['"7",', 400],
  ['w/"7"', 400],
  ['"*"', 412],
])('If-Match: %s for version 7 is %i', (header, status) => {
  expect(statusOf(header)).toBe(status);
});

it('a long header is judged at once', () => {
  const began = process.cpuUsage();
  expect(statusOf(`${'"a",'.repeat(20_000)}x`)).toBe(400);
  expect(statusOf(`"${' ,'.repeat(20_000)}`)).toBe(400);
  expect(process.cpuUsage(began).user / 1_000).toBeLessThan(1_500);
});
