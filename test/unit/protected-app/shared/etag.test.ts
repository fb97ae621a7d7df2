import { expect, it } from 'vitest';
import { requireIfMatch } from '../../../../protected-app/shared/etag.ts';
import { HttpProblem } from '../../../../protected-app/shared/problem.ts';
import { cpuGrowth } from '../../../support/cpu-growth.ts';

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

it('a header that is eight times as long costs no more for each letter', () => {
  const judge = (length: number) => {
    expect(statusOf(`${'"a",'.repeat(length)}x`)).toBe(400);
    expect(statusOf(`"${' ,'.repeat(length)}`)).toBe(400);
  };
  expect(cpuGrowth(judge, 20_000, 8)).toBeLessThan(4);
});
