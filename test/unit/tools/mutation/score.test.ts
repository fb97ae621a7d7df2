import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { percentOf, scoresIn, scoreText, together } from '../../../../tools/mutation/score.ts';
import { isShard, type MutationShard, shards } from '../../../../tools/mutation/shards.ts';

const mutants = (...statuses: readonly string[]) => ({
  mutants: statuses.map((status) => ({ status })),
});

describe('the score of a report', () => {
  it('counts what a test noticed, what none did, and what none reaches', () => {
    const scores = scoresIn({
      files: {
        'a.ts': mutants('Killed', 'Timeout', 'Survived', 'NoCoverage'),
        // A mutant that does not compile, or is left out, was never judged.
        'b.ts': mutants('CompileError', 'Ignored', 'RuntimeError', 'Killed'),
        'c.ts': {},
      },
    });
    expect([...scores]).toEqual([
      ['a.ts', { killed: 2, survived: 1, uncovered: 1 }],
      ['b.ts', { killed: 1, survived: 0, uncovered: 0 }],
      ['c.ts', { killed: 0, survived: 0, uncovered: 0 }],
    ]);
    const all = together(scores.values());
    expect(all).toEqual({ killed: 3, survived: 1, uncovered: 1 });
    expect([percentOf(all), percentOf(together([]))]).toEqual([60, 100]);
    expect(scoreText('all', all)).toBe(' 60.0 %  all: 3 killed, 1 survived, 1 reached by no test');
  });

  it.each([undefined, {}, { files: [] }])('is none of %j', (report) => {
    expect(() => scoresIn(report)).toThrow('this is no report of Stryker');
  });
});

it.each(Object.entries<MutationShard>(shards))(
  'the shard %s has files to mutate, and each of its tests is there',
  (name, { mutate, tests, slow = [] }) => {
    expect(isShard(name)).toBe(true);
    for (const pattern of [...mutate, ...tests, ...slow])
      expect(globSync(pattern).length, pattern).toBeGreaterThan(0);
  },
);

it('no other name is a shard', () => {
  expect([isShard('toString'), isShard('report')]).toEqual([false, false]);
});
