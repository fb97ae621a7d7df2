import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { lockHolder, take } from './lock.ts';
import { runDirOf } from './run-dir.ts';

/** The lock that an `up` holds from its first write until it is ready, also while it installs. */
const startingLockOf = (root: string, port: number): string => `${runDirOf(root, port)}.starting`;

/** The living process that brings up a run on this port and is not ready. */
export const starterOf = (root: string, port: number): number | undefined =>
  lockHolder(startingLockOf(root, port)) || undefined;

/** The ports on which runs are, or were, being brought up. */
export const startingPorts = (root: string): readonly number[] => {
  const folder = join(root, '.cordon');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const [, port] = /^run-(\d+)\.starting$/.exec(name) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
};

/** Removes the lock of a process that has ended. */
export const forgetStarter = (root: string, port: number): void => {
  if (starterOf(root, port) === undefined) rmSync(startingLockOf(root, port), { force: true });
};

/** Runs `work` while other commands can see that this process brings up a run on this port. */
export const whileStarting = async <T>(
  root: string,
  port: number,
  work: () => Promise<T>,
): Promise<T> => {
  const lock = startingLockOf(root, port);
  const holder = take(lock);
  if (holder !== undefined) {
    throw new CordonError(
      `the engine on port ${port} is just being started by process ${holder || 'unknown'}: ` +
        `wait a moment, stop it with "cordon down --port ${port}", or choose another port`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
};
