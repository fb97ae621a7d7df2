import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskFull, explain, speaksOfFullDisk } from './disk-errors.ts';
import { freeMegabytes, mountOf, shortageOf, spaceFor } from './disk-space.ts';
import { assertOwn } from './owner.ts';

/**
 * A first start with its drill takes 258 MB here and, while it installs, 57 MB more. A later one
 * takes 9 MB and leaves room for its log.
 */
const FIRST = 400;
const LATER = 30;

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
    // The folder may be in a repository that does not know it, and it holds a root key.
    writeFileSync(join(folder, '.gitignore'), '*\n');
    const probe = join(folder, `probe-${process.pid}`);
    try {
      writeFileSync(probe, Buffer.alloc(100_000));
    } finally {
      rmSync(probe, { force: true });
    }
  } catch (error) {
    throw explain(error, folder, 'move it away, then run the command again');
  }
  const shortage = shortageOf(spaceFor(folder), needed);
  if (shortage !== undefined)
    throw diskFull(folder, { mount: mountOf(folder), shortage, nextStep: 'run the command again' });
};

/**
 * The error for a full disk, if this run met one. The engine only logs that it could not write a
 * file, and continues without it.
 */
export const metFullDisk = (runDir: string, cause?: unknown): Error | undefined => {
  const log = join(runDir, 'engine.log');
  // a full disk may also have kept the message out of the log
  const full = existsSync(runDir) && freeMegabytes(runDir) < 1;
  return full || (existsSync(log) && speaksOfFullDisk(readFileSync(log, 'utf8')))
    ? diskFull(runDir, { cause })
    : undefined;
};
