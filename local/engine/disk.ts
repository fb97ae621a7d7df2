import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { diskFull, explain, speaksOfFullDisk } from './disk-errors.ts';
import { assertOwn } from './owner.ts';

/** A first start installs 215 MB; a run needs some for its log, functions and evidence. */
const FIRST = 400;
const LATER = 30;

/** Free megabytes on the disk that holds this folder. */
export const freeMegabytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / 1_000_000);
};

/**
 * Makes `.cordon` and really writes there, since quotas and read-only mounts do not show in what
 * the disk says about itself.
 */
export const prepareDisk = (root: string): void => {
  const folder = join(root, '.cordon');
  assertOwn(root, undefined);
  const needed = existsSync(join(folder, 'venv/.made')) ? LATER : FIRST;
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `probe-${process.pid}`);
    try {
      writeFileSync(probe, Buffer.alloc(100_000));
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw explain(error, folder, 'move it away, then run the command again');
  }
  const free = freeMegabytes(folder);
  if (free < needed)
    throw new CordonError(
      `no space left on the disk that holds ${folder}: ${free} MB are free and ${needed} MB ` +
        'are needed; free some space there, then run the command again',
    );
};

/**
 * The error for a full disk, if this run met one. The engine only logs that it could not write a
 * file, and continues without it.
 */
export const metFullDisk = (runDir: string, cause?: unknown): CordonError | undefined => {
  const log = join(runDir, 'engine.log');
  // a full disk may also have kept the message out of the log
  const full = existsSync(runDir) && freeMegabytes(runDir) < 1;
  return full || (existsSync(log) && speaksOfFullDisk(readFileSync(log, 'utf8')))
    ? diskFull(runDir, cause)
    : undefined;
};
