import { expect, it } from 'vitest';
import { countsLine } from '../../tools/test/counts.ts';
import {
  countsOf,
  type JudgedModule,
  lastSeconds,
  roomsText,
  timesText,
} from '../support/times.ts';

const took = (seconds: number) => ({ seconds, tests: 1, assertions: 2 });
const run = {
  'test/engine/drills/drills.test.ts': took(90),
  'test/engine/contain/holds.test.ts': took(9.5),
  'test/unit/cli/input.test.ts': took(0.3),
  'test/unit/cli/output.test.ts': took(0.2),
};

it('names each file that took a hundredth of the run, the slowest on top, with its last time', () => {
  const last = new Map([['test/engine/drills/drills.test.ts', 150]]);
  expect(timesText(run, last).split('\n').slice(1)).toEqual([
    '  1.50  test/engine/drills/drills.test.ts (last 2.50)',
    '  0.16  test/engine/contain/holds.test.ts (new)',
    '  0.01  2 other files',
    '  1.67  in all, several files at a time',
  ]);
});

it('says the share of each room', () => {
  expect(roomsText(run)).toBe('Of it: test/engine/drills 90 %, test/engine/contain 10 %.');
});

it('remembers the seconds of every earlier run, and nothing of what it cannot read', () => {
  const kept = { files: { a: took(4), b: { seconds: 'long' }, c: null } };
  expect([...lastSeconds(JSON.stringify(kept))]).toEqual([['a', 4]]);
  expect([...lastSeconds('{}')]).toEqual([]);
});

const moduleOf = (states: readonly string[], errors = 0, suiteErrors = 0): JudgedModule => {
  const errorsOf = (count: number) => () => Array.from({ length: count }, () => new Error('x'));
  return {
    errors: errorsOf(errors),
    children: {
      allTests: () => states.map((state) => ({ result: () => ({ state }) })),
      allSuites: () => [{ errors: errorsOf(suiteErrors) }],
    },
  };
};

it('closes with a line that counts what passed, failed and was skipped', () => {
  const counts = countsOf([moduleOf(['passed', 'failed']), moduleOf(['passed', 'skipped'])], []);
  expect(countsLine('tests', counts)).toBe('tests: 2 passed, 1 failed, 1 skipped');
});

it.each<[string, readonly JudgedModule[], readonly unknown[]]>([
  ['a file that cannot be read', [moduleOf([], 1)], []],
  ['a `beforeAll` that throws twice', [moduleOf(['skipped'], 0, 2)], []],
  ['an error outside of every test', [moduleOf(['passed'])], [new Error('unhandled')]],
  ['a test that did not end', [moduleOf(['pending'])], []],
])('%s is one failure', (_words, modules, unhandledErrors) => {
  expect(countsOf(modules, unhandledErrors).failed).toBe(1);
});

it('a run of nothing says so', () => {
  expect(countsLine('tests', countsOf([], []))).toBe('tests: 0 passed, 0 failed, 0 skipped');
});
