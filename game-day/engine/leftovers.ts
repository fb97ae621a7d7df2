import { CordonError } from './errors.ts';
import { endGroup, processes } from './processes.ts';
import { ownerLives, readUp, runDirOf } from './run-dir.ts';

/** The process groups that a run left behind: only those in which a command line names the run's own folder. */
export const leftoverGroups = (root: string, port: number): readonly number[] => {
  const dir = runDirOf(root, port);
  const names = (command: string): boolean => command.split(' ').some((word) => word === dir || word.startsWith(`${dir}/`));
  const found = processes().filter(({ pid, command }) => pid !== process.pid && names(command));
  const engine = readUp(dir)?.engine;
  // A group of its own is the engine's; anything else that merely mentions the folder (an editor, a tail) is not ours to stop.
  return [
    ...new Set(
      found.filter(({ pid, group, command }) => group === engine || (pid === group && isEngine(command))).map(({ group }) => group),
    ),
  ];
};

const isEngine = (command: string): boolean => command.includes('adapter/main.py');

/** Stops what an earlier run on this port left, unless that run is still alive: then says so. Returns how many processes it ended. */
export const heal = async (root: string, port: number): Promise<number> => {
  const up = readUp(runDirOf(root, port));
  if (up && up.pid !== process.pid && ownerLives(up)) {
    throw new CordonError(
      `cordon is already running on port ${port} (process ${up.pid}): use it, stop it with "cordon down --port ${port}", or start another with --port ${port + 10}`,
    );
  }
  let ended = 0;
  for (const group of leftoverGroups(root, port)) ended += await endGroup(group);
  return ended;
};
