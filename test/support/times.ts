// A Vitest reporter: what each file took, compared with its last run, and how much was asserted.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { type Counts, countsLine } from '../../tools/test/counts.ts';

const root = join(import.meta.dirname, '../..');
const kept = join(root, '.cordon/test-times.json');

export interface FileTimes {
  readonly seconds: number;
  readonly tests: number;
  readonly assertions: number;
}

/** What each file took when it ran last, by its path. */
export type Times = Readonly<Record<string, FileTimes>>;

const isRecord = (read: unknown): read is Readonly<Record<string, unknown>> =>
  typeof read === 'object' && read !== null;

/** What the file of the runs before this one holds; nothing where it is none. */
const filesIn = (text: string): Readonly<Record<string, unknown>> => {
  const read: unknown = JSON.parse(text);
  return isRecord(read) && isRecord(read.files) ? read.files : {};
};

/** The seconds of the runs before this one. */
export const lastSeconds = (text: string): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(filesIn(text)).flatMap(([file, times]) =>
      isRecord(times) && typeof times.seconds === 'number' ? [[file, times.seconds] as const] : [],
    ),
  );

const readKept = (): string => {
  try {
    return readFileSync(kept, 'utf8');
  } catch {
    return '{}';
  }
};

const timesOf = (module: TestModule): FileTimes => {
  const { duration, collectDuration, setupDuration, environmentSetupDuration, prepareDuration } =
    module.diagnostic();
  const spent =
    duration + collectDuration + setupDuration + environmentSetupDuration + prepareDuration;
  const { assertions = 0 } = module.meta();
  return {
    seconds: Math.round(spent) / 1_000,
    tests: [...module.children.allTests()].length,
    assertions,
  };
};

const minutes = (seconds: number): string => (seconds / 60).toFixed(2).padStart(6);
const sum = (numbers: readonly number[]): number => numbers.reduce((so, far) => so + far, 0);

/** Files that took a hundredth of the run or more, the slowest on top; the others as one line. */
export const timesText = (now: Times, last: ReadonlyMap<string, number>): string => {
  const whole = sum(Object.values(now).map(({ seconds }) => seconds));
  const bySeconds = Object.entries(now).toSorted(([, a], [, b]) => b.seconds - a.seconds);
  const slow = bySeconds.filter(([, { seconds }]) => seconds >= whole / 100);
  const quick = bySeconds.slice(slow.length);
  const before = (file: string): string =>
    last.has(file) ? `(last ${minutes(last.get(file) ?? 0).trim()})` : '(new)';
  return [
    'Minutes per test file (kept in .cordon/test-times.json):',
    ...slow.map(([file, { seconds }]) => `${minutes(seconds)}  ${file} ${before(file)}`),
    ...(quick.length > 0
      ? [`${minutes(sum(quick.map(([, { seconds }]) => seconds)))}  ${quick.length} other files`]
      : []),
    `${minutes(whole)}  in all, several files at a time`,
  ].join('\n');
};

/** The share of each room: seconds say something of the machine, shares of one run do not. */
export const roomsText = (now: Times): string => {
  const whole = sum(Object.values(now).map(({ seconds }) => seconds));
  const rooms = Object.groupBy(Object.entries(now), ([file]) =>
    file
      .split('/')
      .slice(0, 3)
      .join('/')
      .replace(/\/[^/]+\.test\.ts$/, ''),
  );
  const shares = Object.entries(rooms)
    .map(([room, files = []]) => ({ room, spent: sum(files.map(([, { seconds }]) => seconds)) }))
    .toSorted((a, b) => b.spent - a.spent)
    .filter(({ spent }) => spent >= whole / 100)
    .map(({ room, spent }) => `${room} ${((100 * spent) / whole).toFixed(0)} %`);
  return `Of it: ${shares.join(', ')}.`;
};

const closingLine = (now: Times): string => {
  const files = Object.values(now);
  const [tests, assertions] = [
    sum(files.map((file) => file.tests)),
    sum(files.map((file) => file.assertions)),
  ];
  return `${tests} tests made ${assertions} assertions in ${files.length} files.`;
};

/** The part of a Vitest module that says what came of its tests. */
export interface JudgedModule {
  readonly errors: () => readonly unknown[];
  readonly children: {
    readonly allTests: () => Iterable<{ readonly result: () => { readonly state: string } }>;
    readonly allSuites: () => Iterable<{ readonly errors: () => readonly unknown[] }>;
  };
}

/**
 * What came of a run. A file or a `describe` with an error of its own, and an error outside of
 * every test, count as one failure each; a test that did not come to its end has failed.
 */
export const countsOf = (
  modules: readonly JudgedModule[],
  unhandledErrors: readonly unknown[],
): Counts => {
  const states = modules.flatMap(({ children }) =>
    [...children.allTests()].map((test) => test.result().state),
  );
  const broken = modules
    .flatMap((module) => [module, ...module.children.allSuites()])
    .filter((group) => group.errors().length > 0);
  const [passed = 0, skipped = 0] = ['passed', 'skipped'].map(
    (wanted) => states.filter((state) => state === wanted).length,
  );
  const unfinished = states.length - passed - skipped;
  return { passed, failed: unfinished + broken.length + unhandledErrors.length, skipped };
};

const keep = (now: Times): void => {
  const files = { ...filesIn(readKept()), ...now };
  const record = { at: new Date().toISOString(), load: loadavg(), files };
  mkdirSync(dirname(kept), { recursive: true });
  // Another run may read or write it at the same moment.
  const half = `${kept}.${process.pid}`;
  writeFileSync(half, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(half, kept);
};

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const sayTimes = (modules: readonly TestModule[]): void => {
  const now = Object.fromEntries(
    modules.map((module) => [relative(root, module.moduleId), timesOf(module)]),
  );
  say(timesText(now, lastSeconds(readKept())));
  say(roomsText(now));
  keep(now);
  say(closingLine(now));
};

/**
 * Says at the end what the files took, keeps it, and counts what was asserted. The last line says
 * how many tests passed and failed.
 */
export const timesReporter = (seed: number): Reporter => ({
  onTestRunStart: () => {
    say(`The seed of the properties is ${seed}; CORDON_SEED=${seed} repeats them.`);
  },
  onTestRunEnd: (modules, unhandledErrors) => {
    if (modules.length > 0) sayTimes(modules);
    say(countsLine('tests', countsOf(modules, unhandledErrors)));
  },
});
