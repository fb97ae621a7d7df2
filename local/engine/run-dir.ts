import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { field, readJson, whole } from './parse.ts';
import { processOf } from './processes.ts';

/**
 * The content of `up.json`, by which other processes find a run: its processes, its port, and
 * whether its deployment is complete.
 */
export interface Up {
  /** The process that started the run, and when that process was born. */
  readonly pid: number;
  readonly born: string;
  /** The process of the engine, and when that process was born. */
  readonly engine: number;
  readonly engineBorn: string;
  readonly port: number;
  /**
   * `up` for a `cordon up`, else the name of the test or tool that started the run; `cordon down`
   * stops that one only when its port is named.
   */
  readonly by: string;
  readonly started: string;
  /** Whether the deployment is complete. */
  readonly ready: boolean;
}

/** The default port of an engine, and how many ports a run may use, from that of its engine on. */
export const DEFAULT_PORT = 4566;
export const PORTS = 10;

/**
 * Whether this code is the installed package. Modules are TypeScript in a checkout, and JavaScript
 * in the package that is made from it.
 */
export const isPackage = extname(import.meta.filename) === '.js';

/** Where the run on this port keeps everything it writes. */
export const runDirOf = (root: string, port: number): string =>
  join(root, '.cordon', `run-${port}`);

/** The lock file of this port. The process that starts or runs an engine there holds the lock. */
export const lockOf = (root: string, port: number): string => `${runDirOf(root, port)}.lock`;

/** The lock file of the drill on a run: one drill runs at a time. */
export const drillLockOf = (runDir: string): string => `${runDir}.drill.lock`;

/** The ports of all runs that left something in this folder. */
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
  // Lambda functions are unpacked below tmp/. Without this file Node would apply the project's
  // "type": "module" to them, and each would end with an empty error.
  writeFileSync(join(dir, 'tmp/package.json'), '{}\n', { mode: 0o600 });
  return dir;
};

/** Writes the `up.json` of a run. */
export const writeUp = (dir: string, up: Up): void =>
  writeFileSync(join(dir, 'up.json'), `${JSON.stringify(up, undefined, 2)}\n`, { mode: 0o600 });

/** Reads the `up.json` of a run; undefined when it is missing or incomplete. */
export const readUp = (dir: string): Up | undefined => {
  const upJson = readJson(join(dir, 'up.json'));
  const pid = whole(upJson, 'pid');
  const engine = whole(upJson, 'engine');
  const port = whole(upJson, 'port');
  if (pid === undefined || engine === undefined || port === undefined) return undefined;
  const textAt = (key: string): string => String(field(upJson, key) ?? '');
  const ready = field(upJson, 'ready') === true;
  return {
    pid,
    engine,
    port,
    ready,
    born: textAt('born'),
    engineBorn: textAt('engineBorn'),
    by: textAt('by'),
    started: textAt('started'),
  };
};

/**
 * Whether the process that started this run still lives; a later process with the same pid does not
 * count.
 */
export const ownerLives = (up: Up): boolean => processOf(up.pid)?.born === up.born;

/** Whether the engine of this run still lives. */
export const engineLives = (up: Up): boolean => processOf(up.engine)?.born === up.engineBorn;
