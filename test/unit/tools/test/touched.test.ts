import { existsSync, globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rooms } from '../../../../tools/test/rooms.ts';
import { chosen, roomOf, touchedBy } from '../../../../tools/test/touched.ts';

const tests = globSync('test/engine/**/*.test.ts').sort();
const sources = globSync(
  '{responders,infra,cli,game-day,local,operator,protected-app}/**/*.{ts,mts,mjs,py,sql,json}',
  {
    exclude: ['**/node_modules/**'],
  },
);
const quick = { secondsOf: () => 10, seconds: 100 };

describe('the map from rooms to engine tests', () => {
  it('names rooms and tests that are there', () => {
    const paths = [...Object.keys(rooms), ...Object.values(rooms).flat()];
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has a room for every source', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.filter((file) => roomOf(file) === undefined)).toEqual([]);
  });

  it('reaches every engine test from some room', () => {
    const reached = new Set(Object.keys(rooms).flatMap((room) => touchedBy(`${room}/x.ts`, tests)));
    expect(tests.filter((test) => !reached.has(test))).toEqual([]);
  });
});

describe('what a change touches', () => {
  it('is the test that has changed itself, and nothing else', () => {
    expect(touchedBy('test/engine/contain/holds.test.ts', tests)).toEqual([
      'test/engine/contain/holds.test.ts',
    ]);
  });

  it('is the folder of a helper', () => {
    const touched = touchedBy('test/engine/weapon/climbs.ts', tests);
    expect(touched.length).toBeGreaterThan(0);
    expect(touched.filter((test) => !test.startsWith('test/engine/weapon/'))).toEqual([]);
  });

  it('begins with the test of the same name', () => {
    const [test] = touchedBy('local/engine/adapter/corrections/thrown_errors.py', tests);
    expect(test).toBe('test/engine/adapter/thrown-errors.test.ts');
  });

  it('is nothing where no engine test can tell', () => {
    expect(touchedBy('README.md', tests)).toEqual([]);
  });
});

describe('what is chosen of it', () => {
  it('is something of every changed file before more of one', () => {
    const { run, leftOut } = chosen(['cli/drill/drill.ts', 'infra/app.ts'], tests, {
      secondsOf: () => 10,
      seconds: 20,
    });
    expect(run).toEqual([rooms.cli?.[0], rooms.infra?.[0]]);
    expect(leftOut.length).toBeGreaterThan(3);
  });

  it('leaves out what takes too long, and says so', () => {
    const [slow = ''] = rooms.cli ?? [];
    const secondsOf = (test: string): number => (test === slow ? 500 : 1);
    const { run, leftOut } = chosen(['cli/drill/drill.ts'], tests, { secondsOf, seconds: 100 });
    expect(leftOut).toEqual([slow]);
    expect(run.length).toBeGreaterThan(1);
  });

  it('is each test once', () => {
    const { run } = chosen(['cli/drill/drill.ts', 'cli/show.ts'], tests, quick);
    expect(run).toEqual([...new Set(run)]);
  });
});
