import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { badPortOf, nextBlock } from './blocks.ts';
import { take } from './lock.ts';
import { processOf } from './processes.ts';
import { PORTS } from './run-dir.ts';

/** Whether nothing listens on this port of the loopback interface. */
export const portFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(cannotListen(port, error)),
    );
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      probe.close(() => resolve(true)),
    );
  });

/**
 * The first port of a free block, as large as an `up` uses, for tests and benchmarks. The blocks
 * lie below the ports that the system assigns to outgoing connections (from 32768 on Linux). A lock
 * reserves a block for this process until it ends, so no other test takes it before its use.
 */
export const freePort = async (draw: (below: number) => number = randomInt): Promise<number> => {
  const first = 10_000 + PORTS * draw(2_000);
  if (badPortOf(first) !== undefined || !claimed(first)) return freePort(draw);
  const block = await Promise.all(
    Array.from({ length: PORTS }, (_, offset) => portFree(first + offset)),
  );
  return block.every(Boolean) ? first : freePort(draw);
};

/** The lock needs no release: the lock of a process that has ended is stale. */
const claimed = (first: number): boolean =>
  take(join(import.meta.dirname, '../../.cordon/ports', `${first}.lock`)) === undefined;

/** The error for a port in use: names the process that listens, and the remedy. */
export const portTaken = (port: number): CordonError => {
  const pid = listenerOf(port);
  const owner =
    pid === undefined
      ? 'another program'
      : `process ${pid} (${(processOf(pid)?.command ?? 'unknown').slice(0, 80)})`;
  const stop = pid === undefined ? 'stop that program' : `stop it (kill ${pid})`;
  return new CordonError(
    `port ${port} is in use by ${owner}: ${stop}, or choose another with --port ${nextBlock(port)}`,
  );
};

/** The same for an error of `listen`, when a program took the port after it was seen to be free. */
export const portTakenSince = (error: unknown): CordonError | undefined =>
  error instanceof Error &&
  'code' in error &&
  error.code === 'EADDRINUSE' &&
  'port' in error &&
  typeof error.port === 'number'
    ? portTaken(error.port)
    : undefined;

const cannotListen = (port: number, cause: NodeJS.ErrnoException): CordonError =>
  new CordonError(
    `port ${port} of 127.0.0.1 cannot be used (${cause.code}): choose another with --port ` +
      `${nextBlock(port)}`,
    { cause },
  );

/** The process that listens on a port, where the system tells it. */
export const listenerOf = (port: number): number | undefined => {
  try {
    return process.platform === 'linux' ? fromProc(port) : fromLsof(port);
  } catch {
    return undefined;
  }
};

const fromProc = (port: number): number | undefined => {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    readFileSync(file, 'utf8').split('\n').slice(1),
  );
  const cells = rows
    .map((row) => row.trim().split(/\s+/))
    .find(([, local, , state]) => local?.endsWith(wanted) && state === '0A');
  const inode = cells?.[9];
  if (inode === undefined) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => holds(pid, `socket:[${inode}]`));
};

const holds = (pid: number, link: string): boolean => {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === link,
    );
  } catch {
    return false; // gone, or another user's
  }
};

const fromLsof = (port: number): number | undefined => {
  const pid = Number(
    execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], {
      encoding: 'utf8',
    }).split('\n')[0],
  );
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
};
