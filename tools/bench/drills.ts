import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDrill } from '../../game-day/drill.ts';
import type { DrillResult } from '../../game-day/result.ts';
import { scenarios } from '../../game-day/scenarios.ts';
import { startApp } from '../../local/app/start.ts';
import { bringUp } from '../../local/engine/bring-up.ts';
import type { Connection } from '../../local/engine/connect.ts';
import { freePort } from '../../local/engine/port.ts';
import { processes } from '../../local/engine/processes.ts';
import type { Env } from '../../local/engine/run-program.ts';
import { localPlace } from '../../local/place.ts';
import { caseTable } from '../../operator/cases.ts';
import { evidenceOf, timelineOf } from '../../operator/recorded-evidence.ts';
import { readCase } from '../../responders/incident/read-case.ts';
import type { Line } from './statistics.ts';

/** What one drill has left behind, and what its incident came to. */
export interface DrillMeasures {
  readonly number: number;
  readonly scenario: string;
  readonly passed: boolean;
  readonly engineMb: number;
  readonly workers: number;
  readonly workersMb: number;
  /** Megabytes of the run's folder, by subfolder. */
  readonly folders: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly report2Ms: number | null;
  readonly events: number;
  /** Events of the timeline that are older than the drill. */
  readonly foreignEvents: number;
}

interface DrillsPlan {
  readonly root: string;
  readonly env: Env;
  readonly count: number;
  /** Every scenario in turn; otherwise the one that `npm start` runs. */
  readonly rotate: boolean;
  readonly say: (line: string) => void;
}

const bytesBelow = (path: string): number => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 0; // removed meanwhile
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesBelow(join(path, name)), 0);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, add) => total + add, 0);

const megabytes = (bytes: number): number => Math.round(bytes / 104_857.6) / 10;

/** Buckets count on their own: they lie below the account's folder, and older versions apart. */
const foldersOf = ({ runDir, account }: Connection): Readonly<Record<string, number>> => {
  const names = readdirSync(runDir).filter((name) => name !== 's3');
  const buckets = [`s3/${account}`, `s3/.versions/${account}`].flatMap((folder) =>
    existsSync(join(runDir, folder))
      ? readdirSync(join(runDir, folder)).map((name) => join(folder, name))
      : [],
  );
  const sizes = [...names, ...buckets].map(
    (name) => [name, megabytes(bytesBelow(join(runDir, name)))] as const,
  );
  return Object.fromEntries(sizes.filter(([, size]) => size > 0));
};

const residentBytes = (pid: number): number => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0; // ended meanwhile
  }
};

const memoryOf = (engine: number) => {
  const workers = processes().filter(({ group, pid }) => group === engine && pid !== engine);
  return {
    engineMb: megabytes(residentBytes(engine)),
    workers: workers.length,
    workersMb: megabytes(workers.reduce((sum, { pid }) => sum + residentBytes(pid), 0)),
  };
};

/** The times of the timeline's events, epoch ms. */
const eventTimes = async (
  connection: Connection,
  { incidentId }: DrillResult,
): Promise<readonly number[]> => {
  const place = localPlace(connection);
  const incident = await readCase(await caseTable(place), incidentId);
  const timeline = await timelineOf(incident, await evidenceOf(place, incident.head));
  return timeline.map(({ at }) => Date.parse(at));
};

const lineOf = (measures: DrillMeasures): string =>
  [
    `drill ${measures.number} ${measures.scenario}: ${measures.passed ? 'passed' : 'FAILED'}`,
    `${measures.seconds} s`,
    `engine ${measures.engineMb} MB`,
    `${measures.workers} workers ${measures.workersMb} MB`,
    `report 2 after ${measures.report2Ms} ms`,
    `${measures.events} events, ${measures.foreignEvents} of them older`,
    JSON.stringify(measures.folders),
  ].join('; ');

const measureDrill = async (
  connection: Connection,
  engine: number,
  { number, scenario }: Pick<DrillMeasures, 'number' | 'scenario'>,
): Promise<DrillMeasures> => {
  const started = Date.now();
  const began = Math.floor(started / 1_000) * 1_000;
  const result = await runDrill(scenario, { connection, progress: () => undefined });
  const seconds = Math.round((Date.now() - started) / 1_000);
  const times = result.incidentId === '' ? [] : await eventTimes(connection, result);
  const { report2, injected } = result.clocks;
  return {
    number,
    scenario,
    passed: result.passed,
    ...memoryOf(engine),
    folders: foldersOf(connection),
    seconds,
    report2Ms: report2 === null || injected === null ? null : report2 - injected,
    events: times.length,
    foreignEvents: times.filter((at) => at < began).length,
  };
};

/** Drills on one run, one after the other. */
const measureDrills = async ({
  root,
  env,
  count,
  rotate,
  say,
}: DrillsPlan): Promise<readonly DrillMeasures[]> => {
  const port = await freePort();
  const options = { root, port, env, by: 'bench', say };
  const { engine, connection } = await bringUp(options);
  const ids = scenarios.map(({ id }) => id).slice(0, rotate ? scenarios.length : 1);
  const measured: DrillMeasures[] = [];
  try {
    const app = await startApp(connection, { env, now: Date.now(), say });
    try {
      for (let number = 1; number <= count; number += 1) {
        const scenario = ids[(number - 1) % ids.length] ?? '';
        const measures = await measureDrill(connection, engine.pid, { number, scenario });
        say(lineOf(measures));
        measured.push(measures);
      }
    } finally {
      await app.stop();
    }
  } finally {
    await engine.stop();
  }
  return measured;
};

/** The mean of a few drills that end with this one: a single one says little about a trend. */
const around = (
  measured: readonly DrillMeasures[],
  last: number,
  read: (measures: DrillMeasures) => number,
): number => {
  const window = measured.slice(Math.max(0, last - 3), last);
  return sum(window.map(read)) / window.length;
};

/** How much the last drill needs, as a multiple of what an early one needed. */
export const ratioLines = (measured: readonly DrillMeasures[]): readonly Line[] => {
  const [early, last] = [Math.min(10, Math.ceil(measured.length / 2)), measured.length];
  const ratio = (
    what: string,
    read: (measures: DrillMeasures) => number,
    most: number,
    unit: string,
  ): Line => {
    const [from, to] = [around(measured, early, read), around(measured, last, read)];
    return {
      what: `drill ${last} against drill ${early}: ${what}`,
      unit: '×',
      measured: to / from,
      most,
      detail: `${from.toFixed(2)} → ${to.toFixed(2)} ${unit}`,
    };
  };
  return [
    {
      what: `${last} drills on one run`,
      unit: 'failed',
      measured: measured.filter(({ passed }) => !passed).length,
      most: 0,
    },
    ratio('memory of the engine', ({ engineMb }) => engineMb, 1.3, 'MB'),
    ratio('memory with workers', (drill) => drill.engineMb + drill.workersMb, 1.3, 'MB'),
    ratio('the folder of the run', ({ folders }) => sum(Object.values(folders)), 1.3, 'MB'),
    ratio('time of report 2', ({ report2Ms }) => report2Ms ?? Number.NaN, 1.2, 'ms'),
    {
      what: 'events of a timeline that are older than its drill',
      unit: 'events',
      measured: sum(measured.map(({ foreignEvents }) => foreignEvents)),
      most: 0,
    },
  ];
};

/** What grows while drills follow each other on one run. */
export const drillLines = async (plan: DrillsPlan): Promise<readonly Line[]> =>
  ratioLines(await measureDrills(plan));
