import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, connect } from './connect.ts';
import { deploy } from './deploy.ts';
import { metFullDisk, prepareDisk } from './disk.ts';
import { DiskFullError } from './disk-errors.ts';
import { whileAnswering } from './engine-watch.ts';
import { assertLimits } from './exhausted.ts';
import { filesText } from './file-list.ts';
import { isolationOfRun, isWeak } from './functions.ts';
import { forgetOldKept } from './kept.ts';
import { clearDead } from './leftovers.ts';
import type { Folders } from './project.ts';
import type { Env, Say } from './run-program.ts';
import { provideServices } from './services/provide.ts';
import { type Engine, EngineEnded, startEngine } from './start.ts';
import { whileStarting } from './starting.ts';
import { synth } from './synth.ts';
import { ensureVenv } from './venv.ts';
import { condemnDamagedVenv } from './venv-state.ts';
import { lostMailText } from './write-faults.ts';

/** `say` is called with a line when a step is done. */
export interface BringUpOptions extends Folders {
  readonly port: number;
  readonly env: Env;
  readonly by?: string;
  /** One stack alone, with those that it needs. */
  readonly only?: string | undefined;
  /** Systems that are deployed besides, by name. */
  readonly systems?: readonly string[] | undefined;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How long a synthesis may take to say that it has filled the disk. */
const PATIENCE_MS = 10_000;

/** A deployed Cordon, and the engine it runs on. */
export interface Running {
  readonly engine: Engine;
  readonly connection: Connection;
}

/**
 * Everything from the code to a deployed Cordon: environment, engine and synthesis side by
 * side, then the deployment. If the engine ends early because its environment is damaged, both are
 * made anew.
 */
export const bringUp = (options: BringUpOptions): Promise<Running> =>
  bringUpOnce(options).catch((error: unknown) => {
    // Once: what is made anew and ends early again is not broken by damage.
    if (error instanceof EngineEnded && condemnDamagedVenv(options)) return bringUpOnce(options);
    throw error;
  });

const bringUpOnce = async (options: BringUpOptions): Promise<Running> => {
  const { root, port, by, say } = options;
  await clearDead(root, port); // fails on a port in use before the installation
  const forgotten = forgetOldKept(root);
  if (forgotten.length > 0)
    say?.(`removed .cordon/${filesText(forgotten)}: only the newest folders of that kind are kept`);
  prepareDisk(root);
  assertLimits();
  const work = (): Promise<Running> => startAndDeploy(options);
  return by === 'up' ? whileStarting(root, port, work) : work();
};

const startAndDeploy = async (options: BringUpOptions): Promise<Running> => {
  const { signal } = options;
  // If one of the two fails, the other is aborted. Wait for both, so that neither writes files
  // after this function has failed.
  const failed = new AbortController();
  const both = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const giveUp = (error: unknown): never => {
    failed.abort(error);
    throw error;
  };
  const assembly = assemble({ ...options, signal: both }).catch(giveUp);
  const started = start({ ...options, signal: both }).catch(async (error: unknown) => {
    // A synthesis that fills the disk names what it could not write, a moment after the engine.
    if (error instanceof DiskFullError)
      await Promise.race([assembly, sleep(PATIENCE_MS, undefined, { signal: both, ref: false })]);
    return giveUp(error);
  });
  const [engine, made] = await Promise.allSettled([started, assembly]);
  if (engine.status === 'rejected') throw failed.signal.reason ?? engine.reason;
  try {
    if (made.status === 'rejected') throw failed.signal.reason ?? made.reason;
    return await deployOn(engine.value, made.value, options);
  } catch (error) {
    const full = error instanceof DiskFullError ? error : metFullDisk(engine.value.runDir, error);
    await engine.value.stop();
    throw full ?? error;
  }
};

const assemble = async (options: BringUpOptions): Promise<string> => {
  const { root, project, env, systems, say, signal } = options;
  const took = stopwatch();
  const { assembly, made, damaged } = await synth({ root, project, env, systems, say, signal });
  const why =
    damaged.length > 0 ? ` anew, because .cordon/synth was damaged: ${filesText(damaged)}` : '';
  say?.(made ? `templates synthesised${why} (${took()})` : 'templates unchanged');
  return assembly;
};

const start = async (options: BringUpOptions): Promise<Engine> => {
  const { root, project, port, env, by, say, signal } = options;
  const installing = stopwatch();
  const { python, made } = await ensureVenv({ root, project, env, say, signal });
  if (made) say?.(`engine installed (${installing()})`);
  const starting = stopwatch();
  const engine = await startEngine({
    ...{ root, project, port, python, signal, ...(by !== undefined && { by }) },
    onFault: ({ mail }) => (mail ? say?.(lostMailText(mail), 'doing') : undefined),
  });
  say?.(`engine ready (${starting()})`);
  const isolation = isolationOfRun(engine.runDir);
  if (isolation && isWeak(isolation)) say?.(isolation.text);
  return engine;
};

const deployOn = async (
  engine: Engine,
  assembly: string,
  { root, project, port, env, only, say, signal }: BringUpOptions,
): Promise<Running> => {
  const ended = engine.ended.then((error) => Promise.reject(error));
  const { runDir } = engine;
  await Promise.race([
    provideServices(assembly, { root, project, env, runDir, only, say, signal }),
    ended,
  ]);
  const outputs = await Promise.race([
    whileAnswering(
      engine,
      deploy(assembly, { endpoint: engine.endpoint, rootKey: engine.rootKey, only, say, signal }),
    ),
    ended,
  ]);
  const full = metFullDisk(engine.runDir);
  if (full) throw full;
  writeFileSync(join(engine.runDir, 'outputs.json'), `${JSON.stringify(outputs, undefined, 2)}\n`, {
    mode: 0o600,
  });
  engine.ready();
  return { engine, connection: connect({ root, port }) };
};

const stopwatch = (): (() => string) => {
  const since = performance.now();
  return () => `${((performance.now() - since) / 1_000).toFixed(1)} s`;
};
