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
 * Runs `work` while this process holds the lock. The lock of a process that has ended is stale and
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

/** The living process that holds the lock; 0 while the lock is being taken or released. */
export const lockHolder = (file: string): number | undefined =>
  existsSync(file) ? holderOf(file) : undefined;

/**
 * Takes the lock, or returns the pid of the living process that holds it; 0 while the lock is being
 * taken or released, so try again.
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
 * Removes a stale lock. The file is renamed and read again before it is removed: meanwhile another
 * process may have replaced the stale lock by its own, which must stay.
 */
const forgetStale = (file: string): void => {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // another process has already removed it
  }
  if (holderOf(aside)) renameSync(aside, file);
  else rmSync(aside, { force: true });
};

const create = (file: string): boolean => {
  // Computed before the file exists: after two seconds an empty lock counts as stale.
  const own = `${process.pid} ${processOf(process.pid)?.born ?? ''}`;
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
    return 0; // released since the check for existence
  }
};
