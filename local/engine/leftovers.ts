import { rmSync } from 'node:fs';
import { CordonError } from '../../operator/errors.ts';
import { badPortOf, nextBlock } from './blocks.ts';
import { forgetHalves } from './halves.ts';
import { lockHolder } from './lock.ts';
import { assertOwn } from './owner.ts';
import { portFree, portTaken } from './port.ts';
import { endGroup, processes } from './processes.ts';
import { drillLockOf, lockOf, ownerLives, PORTS, readUp, runDirOf } from './run-dir.ts';

/**
 * The process groups that a run left behind: only those in which a command line names the run's own
 * folder.
 */
export const leftoverGroups = (root: string, port: number): readonly number[] => {
  const dir = runDirOf(root, port);
  const engine = readUp(dir)?.engine;
  // A `tail` or an editor with a file of the folder must not be stopped: only the engine, its group
  // and its functions are.
  const ours = ({ group, command }: { group: number; command: string }): boolean =>
    names(command, dir) &&
    (group === engine ||
      command.includes('adapter/main.py') ||
      command.includes(`${dir}/tmp/ministack-`));
  return [
    ...new Set(
      processes()
        .filter(ours)
        .map(({ group }) => group),
    ),
  ].filter((group) => group > 1);
};

const names = (command: string, dir: string): boolean =>
  command.includes(`${dir}/`) || command.includes(`${dir} `) || command.endsWith(dir);

/**
 * Fails, with a remedy, when a living run or another program uses this port. What a dead run left
 * behind does not count.
 */
export const assertStartable = async (root: string, port: number): Promise<void> => {
  const bad = badPortOf(port);
  if (bad !== undefined) {
    throw new CordonError(
      `port ${port} cannot be used: browsers and fetch refuse port ${bad} of its block of ` +
        `${PORTS}; ` +
        `choose another with --port ${nextBlock(port)}`,
      { code: 2 },
    );
  }
  assertOwn(root, port);
  const up = readUp(runDirOf(root, port));
  if (up && ownerLives(up)) {
    throw new CordonError(
      `port ${port} already has a running cordon (process ${up.pid}): use it, stop it with ` +
        `"cordon down --port ${port}", or start another with --port ${nextBlock(port)}`,
    );
  }
  if (leftoverGroups(root, port).length === 0 && !(await portFree(port))) throw portTaken(port);
};

/** Stops what an earlier run on this port left behind; returns how many processes it ended. */
export const heal = async (root: string, port: number): Promise<number> => {
  let ended = 0;
  for (const group of leftoverGroups(root, port)) ended += await endGroup(group);
  return ended;
};

/**
 * Removes the files of dead runs. It writes nothing, so that it also works on a full disk.
 */
export const clearDead = async (root: string, port: number): Promise<void> => {
  await assertStartable(root, port);
  forgetHalves(root);
  // another process is starting an engine on this port; `startEngine` then fails with a message
  if (lockHolder(lockOf(root, port)) !== undefined) return;
  await heal(root, port);
  removeRun(root, port);
};

/** Removes the files of a run that has ended, with the lock of a drill that was killed in it. */
export const removeRun = (root: string, port: number): void => {
  const dir = runDirOf(root, port);
  for (const path of [dir, drillLockOf(dir)])
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
};
