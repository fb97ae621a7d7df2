import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { KeyedEngine } from '../../local/engine/clients.ts';
import { freePort } from '../../local/engine/port.ts';
import { startEngine } from '../../local/engine/start.ts';
import { residentMb } from './aftermath.ts';
import { ask, prepare, type SearchMeasurement, upload } from './trail-place.ts';
import { decoys, denials, files, older, type Shape } from './trail-world.ts';

const root = join(import.meta.dirname, '../..');
const shape: Shape = { days: 30, filesPerDay: 50, eventsPerFile: 1_000 };
const rounds = [1, 2, 3, 4, 5];

const say = (line: string): boolean => process.stdout.write(`${line}\n`);
const mb = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const middle = (runs: readonly SearchMeasurement[]): number =>
  runs.map(({ ms }) => ms).sort((left, right) => left - right)[(runs.length - 1) / 2] ?? 0;

const several = async (at: KeyedEngine, what: string): Promise<readonly SearchMeasurement[]> => {
  const runs: SearchMeasurement[] = [];
  for (const round of rounds) {
    const run = await ask(at, `${what} ${round}`);
    runs.push(run);
    const { precision, recall } = run;
    const load = loadavg()[0]?.toFixed(1);
    say(
      `${what}, run ${round}: ${run.ms} ms at load ${load}, ` +
        `${run.queries} queries read ${mb(run.bytes)}, ${run.events} events, ` +
        `precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`,
    );
  }
  return runs;
};

/** Seconds of the processor that the engine has spent; the kernel counts hundredths. */
const processorSeconds = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) / 100;
};

/** The first answer about new files, and what the processor spent: other work adds to the time. */
const costOf = async (at: KeyedEngine & { readonly pid: number }, occasion: string) => {
  const before = processorSeconds(at.pid);
  const search = await ask(at, occasion);
  return { ...search, spent: processorSeconds(at.pid) - before };
};

const floodSize = 1_000_000;
const neighbour = decoys[2];

/**
 * A million denied calls of a stranger, and then of the session itself, in the same hours: the
 * second costs no more than the first, and everything of the attack is there.
 */
const flooded = async (at: KeyedEngine & { readonly pid: number }): Promise<readonly string[]> => {
  await upload(at, denials(floodSize, neighbour));
  const strangers = await costOf(at, 'a flood of a stranger');
  await upload(at, denials(floodSize));
  const own = await costOf(at, 'a flood of the session');
  const { engine } = residentMb(at.pid);
  const ratio = own.spent / strangers.spent;
  say(
    `${floodSize} denied calls at load ${loadavg()[0]?.toFixed(1)}: ` +
      `${strangers.spent.toFixed(1)} s of the processor in ${strangers.ms} ms with a stranger's, ` +
      `${own.spent.toFixed(1)} s in ${own.ms} ms with the session's, ` +
      `ratio ${ratio.toFixed(2)}; ${own.events} events and ${own.counted.length} ` +
      `counted, recall ${own.recall.toFixed(3)}, ${own.rows} rows, engine ${engine} MB`,
  );
  const promises = [
    ['a flood of the session costs at most 1.5 times one of a stranger', ratio <= 1.5],
    ['a flood hides nothing', own.precision === 1 && own.recall === 1],
    ['a flood is one line', own.counted.length === 1 && own.rows === strangers.rows + 1],
    ['the engine stays below 1,000 MB', engine < 1_000],
  ] as const;
  return promises.filter(([, holds]) => !holds).map(([what]) => what);
};

/** What was promised and is not so. */
const missed = (
  young: readonly SearchMeasurement[],
  old: readonly SearchMeasurement[],
): readonly string[] => {
  const promises = [
    // The first pass reads every file; the engine then remembers a part of them, which Athena does
    // not.
    ['a first pass takes at most 3 s', (young[0]?.ms ?? Number.POSITIVE_INFINITY) <= 3_000],
    ['ten times the age costs no time', middle(old) <= 1.5 * middle(young)],
    ['ten times the age costs no bytes', old.every(({ bytes }) => bytes === young[0]?.bytes)],
    [
      'precision and recall are 1.0',
      [...young, ...old].every(({ precision, recall }) => precision === 1 && recall === 1),
    ],
  ] as const;
  return promises.filter(([, holds]) => !holds).map(([what]) => what);
};

/**
 * `node tools/bench/timeline.ts`: 1.5 million events with an attack among them, then the same trail
 * ten times older, then a million denied calls around it. A missed target is exit code 1.
 */
const main = async (): Promise<void> => {
  const engine = await startEngine({ root, port: await freePort(), env: process.env, by: 'bench' });
  try {
    await prepare(engine);
    const put = await upload(engine, files(shape));
    say(
      `${shape.days * shape.filesPerDay * shape.eventsPerFile} events of ${shape.days} days ` +
        `in ${put.files} files, ${mb(put.bytes)}`,
    );
    const young = await several(engine, `${shape.days} days`);
    const more = await upload(engine, older(shape, 9));
    say(`${more.files} older files more, ${mb(more.bytes)}`);
    const old = await several(engine, `${shape.days * 10} days`);
    say(
      `first pass ${young[0]?.ms} ms; median of ${young.length} ${middle(young)} ms, ` +
        `ten times older ${middle(old)} ms`,
    );
    for (const what of [...missed(young, old), ...(await flooded(engine))]) {
      say(`missed: ${what}`);
      process.exitCode = 1;
    }
  } finally {
    await engine.stop();
  }
};

await main();
