import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { heal, removeRun } from '../local/engine/leftovers.ts';
import { lockHolder } from '../local/engine/lock.ts';
import { assertOwn } from '../local/engine/owner.ts';
import { signal } from '../local/engine/processes.ts';
import { lockOf, ownerLives, portsOf, readUp, runDirOf } from '../local/engine/run-dir.ts';
import { forgetStarter, starterOf, startingPorts } from '../local/engine/starting.ts';
import { CordonError } from '../operator/errors.ts';
import type { ExitCode, Output } from './output.ts';
import type { DownDocument } from './schemas/down.ts';
import { action, type CommandDeps, type CommonOptions, portNumber, verb } from './verb.ts';

interface DownOptions extends CommonOptions {
  readonly port?: number;
}

const PATIENCE_MS = 15_000;

/** `cordon down`: stops and cleans what the `up`s of this folder left. */
export const down = (command: Command, deps: CommandDeps): void => {
  verb(command, ['cordon down', 'cordon down --port 4576'])
    .option('--port <number>', 'only the run on this port', portNumber)
    .action(action(deps, (out, options: DownOptions) => stopRuns(deps.root, out, options)));
};

const stopRuns = async (root: string, out: Output, { port }: DownOptions): Promise<ExitCode> => {
  assertOwn(root, undefined);
  const known = new Set([...portsOf(root), ...startingPorts(root)]);
  const ports = port === undefined ? [...known].sort((left, right) => left - right) : [port];
  const runs: { port: number; did: string }[] = [];
  for (const each of ports)
    runs.push({ port: each, did: await clean(root, each, port !== undefined) });
  for (const run of runs) out.line(`port ${run.port}: ${run.did}`);
  if (runs.length === 0) out.line(`nothing to stop: no run left anything in ${root}`);
  out.document<DownDocument>({ runs });
  return 0;
};

const clean = async (root: string, port: number, named: boolean): Promise<string> => {
  assertOwn(root, port);
  const dir = runDirOf(root, port);
  const up = readUp(dir);
  const lives = up !== undefined && ownerLives(up);
  if (lives && up.by !== 'up' && !named)
    return `left alone, process ${up.pid} (${up.by}) uses it; name it with --port to stop it`;
  if (lives) await stop(up.pid, () => ownerLives(up));
  const starter = starterOf(root, port);
  if (starter !== undefined) await stop(starter, () => starterOf(root, port) === starter);
  forgetStarter(root, port);
  const starting = lockHolder(lockOf(root, port));
  if (starting)
    return `left alone, process ${starting} is just starting or stopping it; try again in a moment`;
  if (starter !== undefined && !existsSync(dir))
    return `stopped cordon (process ${starter}), which was still starting`;
  if (!existsSync(dir)) return 'nothing was running, and nothing was left';
  const orphanCount = await heal(root, port);
  removeRun(root, port);
  rmSync(lockOf(root, port), { force: true });
  const ended = lives ? up.pid : starter;
  const stopped = ended === undefined ? 'nothing was running' : `stopped cordon (process ${ended})`;
  const orphans = orphanCount > 0 ? `, ended ${orphanCount} processes it had left` : '';
  return `${stopped}${orphans}, removed its folder`;
};

/** `up` stops its engine itself. It is killed if it does not end in time. */
const stop = async (pid: number, lives: () => boolean): Promise<void> => {
  signal(pid, 'SIGTERM');
  for (let waited = 0; lives() && waited < PATIENCE_MS; waited += 50) await sleep(50);
  if (lives()) signal(pid, 'SIGKILL');
  for (let waited = 0; lives(); waited += 50) {
    if (waited > PATIENCE_MS)
      throw new CordonError(
        `process ${pid} cannot be ended: if it belongs to another user, ask that user to stop it`,
      );
    await sleep(50);
  }
};
