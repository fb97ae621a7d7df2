import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { field, readJson, whole } from './parse.ts';
import { processOf } from './processes.ts';

/**
 * The content of `up.json`, by which other processes find a run: its processes, its port, and
 * whether its deployment is complete.
 */
export interface Up {
  readonly pid: number;
  readonly born: string;
  readonly engine: number;
  readonly engineBorn: string;
  readonly port: number;
  readonly by: string;
  readonly started: string;
  readonly ready: boolean;
}

/** The default port, and how many an `up` may use from its first one. */
export const DEFAULT_PORT = 4566;
export const PORTS = 10;

/** Where the run on this port keeps everything it writes. */
export const runDirOf = (root: string, port: number): string =>
  join(root, '.cordon', `run-${port}`);

/** The lock that the process holds which starts or runs the engine on this port. */
export const lockOf = (root: string, port: number): string => `${runDirOf(root, port)}.lock`;

/** The ports of all runs that left a folder in this checkout. */
export const portsOf = (root: string): readonly number[] => {
  const folder = join(root, '.cordon');
  return namesIn(folder)
    .flatMap((name) => /^run-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return []; // nothing ran yet, or the folder is closed to us because it is another user's
  }
};

/**
 * Makes an empty run folder that only its owner can enter. The engine keeps only the content of S3
 * on disk, so a new run cannot continue an old one.
 */
export const cleanRunDir = (root: string, port: number): string => {
  const dir = runDirOf(root, port);
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const name of ['home', 'tmp', 's3', 'state', 'inbox'])
    mkdirSync(join(dir, name), { recursive: true, mode: 0o700 });
  // Functions unpack below tmp/: without this file the project's "type": "module" would reach them
  // and end each with an empty error.
  writeFileSync(join(dir, 'tmp/package.json'), '{}\n', { mode: 0o600 });
  return dir;
};

/** Writes the note of a run. */
export const writeUp = (dir: string, up: Up): void =>
  writeFileSync(join(dir, 'up.json'), `${JSON.stringify(up, undefined, 2)}\n`, { mode: 0o600 });

/** The note of a run, or undefined when there is none that can be read. */
export const readUp = (dir: string): Up | undefined => {
  const note = readJson(join(dir, 'up.json'));
  const [pid, engine, port] = [whole(note, 'pid'), whole(note, 'engine'), whole(note, 'port')];
  if (pid === undefined || engine === undefined || port === undefined) return undefined;
  const said = (key: string): string => String(field(note, key) ?? '');
  const ready = field(note, 'ready') === true;
  return {
    pid,
    engine,
    port,
    ready,
    born: said('born'),
    engineBorn: said('engineBorn'),
    by: said('by'),
    started: said('started'),
  };
};

/**
 * Whether the process that started this run still lives; a later process with the same pid does not
 * count.
 */
export const ownerLives = (up: Up): boolean => processOf(up.pid)?.born === up.born;

/** Whether the engine of this run still lives. */
export const engineLives = (up: Up): boolean => processOf(up.engine)?.born === up.engineBorn;
