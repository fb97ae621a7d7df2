import { expect, it } from 'vitest';
import { cpuGrowth } from '../support/cpu-growth.ts';

/** Work that a compiler cannot leave out. */
const counted = (steps: number): number => {
  let sum = 0;
  for (let step = 0; step < steps; step += 1) sum = (sum * 31 + step) % 1_000_003;
  return sum;
};

it('tells work that grows with its input from work that grows with the square of it', () => {
  expect(cpuGrowth((size) => counted(size * 1_000), 8_000, 8)).toBeLessThan(4);
  expect(cpuGrowth((size) => counted(size * size), 8_000, 8)).toBeGreaterThan(4);
});
