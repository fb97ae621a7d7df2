// A Vitest reporter: what each file took, compared with its last run, and how much was asserted.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { type Counts, nothingCounted } from './counts.ts';

const root = join(import.meta.dirname, '../..');
const kept = join(root, '.cordon/test-times.json');

export interface FileTimes {
  readonly seconds: number;
  readonly tests: number;
  readonly assertions: number;
  readonly counts: Counts;
}

/** What each file took when it ran last, by its path. */
export type Times = Readonly<Record<string, FileTimes>>;

const isRecord = (read: unknown): read is Readonly<Record<string, unknown>> =>
  typeof read === 'object' && read !== null;

/** The seconds of the runs before this one. */
export const lastSeconds = (text: string): ReadonlyMap<string, number> => {
  const read: unknown = JSON.parse(text);
  const files = isRecord(read) && isRecord(read.files) ? read.files : {};
  return new Map(
    Object.entries(files).flatMap(([file, times]) =>
      isRecord(times) && typeof times.seconds === 'number' ? [[file, times.seconds] as const] : [],
    ),
  );
};

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
  const { assertions = 0, counts = nothingCounted } = module.meta();
  return {
    seconds: Math.round(spent) / 1_000,
    tests: [...module.children.allTests()].length,
    assertions,
    counts,
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

const closingLine = (now: Times): string => {
  const files = Object.values(now);
  const [tests, assertions] = [
    sum(files.map((file) => file.tests)),
    sum(files.map((file) => file.assertions)),
  ];
  return `${tests} tests made ${assertions} assertions in ${files.length} files.`;
};

const keep = (now: Times): void => {
  const read: unknown = JSON.parse(readKept());
  const earlier = isRecord(read) && isRecord(read.files) ? read.files : {};
  const record = { at: new Date().toISOString(), load: loadavg(), files: { ...earlier, ...now } };
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(kept, `${JSON.stringify(record, undefined, 2)}\n`);
};

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** Says at the end what the files took, keeps it, and counts what was asserted. */
export const timesReporter = (seed: number): Reporter => ({
  onTestRunStart: () => {
    say(`The seed of the properties is ${seed}; CORDON_SEED=${seed} repeats them.`);
  },
  onTestRunEnd: (modules) => {
    const now = Object.fromEntries(
      modules.map((module) => [relative(root, module.moduleId), timesOf(module)]),
    );
    if (modules.length === 0) return;
    say(timesText(now, lastSeconds(readKept())));
    keep(now);
    say(closingLine(now));
  },
});
