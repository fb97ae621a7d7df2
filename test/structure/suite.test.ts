import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { expect, it } from 'vitest';

const text = (file: string): string => readFileSync(file, 'utf8');
const tests = globSync('test/**/*.ts').filter((file) => file !== 'test/structure/suite.test.ts');

it('every property takes the seed that the run has said', () => {
  const importers = tests.filter((file) => text(file).includes("from 'fast-check'"));
  expect(importers).toEqual(['test/support/property.ts']);
});

it('nothing is tried again until it passes', () => {
  const places = [...tests, 'vitest.config.ts', 'package.json', '.ci/run'];
  expect(places.filter((file) => /\bretry: ?[\d{]|--retry\b/.test(text(file)))).toEqual([]);
});

/**
 * What a room of engine tests may use of what takes time on any machine. It counts, and measures no
 * seconds: those would fail on a slow machine for what nobody has changed, and be no bound on a
 * quick one. What each file took is printed after the run and kept in `.cordon/test-times.json`.
 */
const budgets: Readonly<Record<string, Budget>> = {
  // retention.test.ts starts an engine that lets go after five seconds; no other test can use it.
  // cloudtrail-events.test.ts needs one without a trail, to see that no rule hears anything there.
  // guardduty-findings.test.ts counts what GuardDuty holds, and sign-in-challenges.test.ts resets
  // user pools: both need an engine on which nobody else has been.
  'test/engine/adapter': { engines: 39, drills: 0 },
  'test/engine/app': { engines: 10, drills: 0 },
  // It counts every event of its engine, and changes its tables.
  'test/engine/audit': { engines: 2, drills: 0 },
  // self-check.test.ts changes functions, rules, keys and policies that others rely on.
  // never-silent.test.ts has a webhook besides, and stops the heartbeat.
  'test/engine/check': { engines: 2, drills: 0 },
  // Contains the application and deletes its user pool, on which other tests rely.
  'test/engine/console': { engines: 1, drills: 0 },
  'test/engine/contain': { engines: 4, drills: 0 },
  // full-disk.test.ts fills the disk of a drill and so ends its run; no other test can use them.
  // Two more run beside another incident, and are kept from beginning by one.
  // terminal.test.ts writes incidents in every state into a case table, and others count incidents.
  // old-drills.test.ts lets go of every drill and of the history, on which other tests rely.
  // One drill begins on a role with earlier denials, which would change what the others observe.
  'test/engine/drills': { engines: 7, drills: 14 },
  'test/engine/evidence': { engines: 5, drills: 0 },
  'test/engine/infra': { engines: 2, drills: 0 },
  // foreign-macs.test.ts has the KMS of another account, and an engine is one account.
  'test/engine/intruder': { engines: 1, drills: 0 },
  // One more than before: functions attack an engine that no other test may need afterwards.
  // And door.test.ts attacks every port of one that must not have been attacked before.
  'test/engine/launcher': { engines: 12, drills: 0 },
  'test/engine/report': { engines: 3, drills: 1 },
  // One has every kind of server behind it, three are killed while a database, a cache and a task
  // run, and graphql.test.ts signs tokens with the key of a pool, which nobody else may trust.
  // entrances.test.ts counts the distributions and APIs of its stacks, so they are its own.
  'test/engine/services': { engines: 6, drills: 0 },
  'test/engine/timeline': { engines: 4, drills: 1 },
  'test/engine/weapon': { engines: 1, drills: 0 },
  // It has a webhook, and a deployment has none by default.
  'test/engine/webhook': { engines: 1, drills: 0 },
};

interface Budget {
  /** Places that start an engine of their own. */
  readonly engines: number;
  /** Places that run a drill. */
  readonly drills: number;
}

const engineStarts =
  /\b(startEngine|engineAlone|deployed|deployedApp|auditWorld|cordonUp|bringUp|startAiWorld|startAws)\(/g;
const drillRuns = /\b(runDrill|drill)\(|'drill', 'run'/g;
const countIn = (files: readonly string[], what: RegExp): number =>
  files.reduce((sum, file) => sum + [...text(file).matchAll(what)].length, 0);

const byRoom = Map.groupBy(globSync('test/engine/**/*.test.ts'), dirname);

it.each([...byRoom])(
  '%s starts no more engines and runs no more drills than it may',
  (room, files) => {
    const budget = budgets[room] ?? { engines: 0, drills: 0 };
    const used = { engines: countIn(files, engineStarts), drills: countIn(files, drillRuns) };
    const advice = `${room} may start ${budget.engines} engines and run ${budget.drills} drills: \
borrow the deployed engine (test/support/engine/deployed.ts) or use what another test has run; \
where neither can be, raise the number in test/structure/suite.test.ts and say why`;
    expect(used.engines, advice).toBeLessThanOrEqual(budget.engines);
    expect(used.drills, advice).toBeLessThanOrEqual(budget.drills);
  },
);

/** A pause of so many seconds in a test is spent on every machine, and hides what is waited for. */
const longestPauseMs = 3_000;

it('no test sleeps long: it looks again until there is something to see', () => {
  const sleeps = /\bsleep\(([\d_]+)\)/g;
  const long = tests.flatMap((file) =>
    [...text(file).matchAll(sleeps)]
      .filter(([, ms = '']) => Number(ms.replaceAll('_', '')) > longestPauseMs)
      .map(([call]) => `${file}: ${call}`),
  );
  expect(long).toEqual([]);
});
