import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processOf } from './processes.ts';

interface Waiting {
  readonly onWait?: ((pid: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` while no other process of this machine holds the lock; the lock of a dead process
 * does not count.
 */
export const withLock = async <T>(
  file: string,
  work: () => Promise<T>,
  { onWait, signal }: Waiting = {},
): Promise<T> => {
  let told = false;
  for (let holder = take(file); holder !== undefined; holder = take(file)) {
    if (!told && holder > 0) onWait?.(holder);
    told ||= holder > 0;
    await sleep(100, undefined, { signal });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
};

/** The living process that has the lock, if any; 0: it is just being taken or given back. */
export const lockHolder = (file: string): number | undefined =>
  existsSync(file) ? holderOf(file) : undefined;

/**
 * Takes the lock, or says which living process has it (0: it is just being taken or given back, ask
 * again).
 */
export const take = (file: string): number | undefined => {
  mkdirSync(dirname(file), { recursive: true });
  if (create(file)) return undefined;
  const holder = holderOf(file);
  if (holder !== undefined) return holder;
  forgetStale(file);
  return create(file) ? undefined : 0;
};

/**
 * Moved aside and looked at again, so that of two healers one cannot remove the other's fresh lock
 * unseen.
 */
const forgetStale = (file: string): void => {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another healer was faster
  }
  if (holderOf(aside)) renameSync(aside, file);
  else rmSync(aside, { force: true });
};

const create = (file: string): boolean => {
  const own = `${process.pid} ${processOf(process.pid)?.born ?? ''}`; // before the file is there: an empty one soon counts as left behind
  let handle: number;
  try {
    handle = openSync(file, 'wx');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeSync(handle, own);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
  return true;
};

const holderOf = (file: string): number | undefined => {
  try {
    const [pid, ...born] = readFileSync(file, 'utf8').split(' ');
    if (!pid) return Date.now() - statSync(file).mtimeMs < 2_000 ? 0 : undefined;
    const alive = processOf(Number(pid));
    return alive && alive.born === born.join(' ') ? alive.pid : undefined;
  } catch {
    return 0; // released between two looks: try again
  }
};
