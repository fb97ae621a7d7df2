import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';
import type { KeyedEngine } from './clients.ts';
import { speaksOfFullDisk } from './disk-errors.ts';
import { type DiskWatch, runOutOfSpace, watchDisk } from './disk-watch.ts';
import { exhausted } from './exhausted.ts';
import { assertStartable, heal } from './leftovers.ts';
import { take } from './lock.ts';
import { portFree, portTaken } from './port.ts';
import { endGroup, processOf, signal } from './processes.ts';
import { type Folders, projectOf } from './project.ts';
import { makeRootKey, writeRootKey } from './root-key.ts';
import { cleanRunDir, lockOf, type Up, writeUp } from './run-dir.ts';
import { type Env, lastLines } from './run-program.ts';
import { engineEnvironment } from './settings.ts';
import { signedGet } from './signed-request.ts';
import { ensureVenv } from './venv.ts';
import { listenToFaults, type WriteFault } from './write-faults.ts';

/** The engine has ended although nobody asked it to; its environment may be damaged. */
export class EngineEnded extends CordonError {}

/**
 * A running engine. `ended` resolves with an error when it ends without a call of `stop`, or when
 * its disk is full: then the caller must stop it.
 */
export interface Engine extends KeyedEngine {
  readonly port: number;
  readonly pid: number;
  readonly runDir: string;
  readonly started: string;
  readonly ended: Promise<CordonError>;
  ready(): void;
  stop(): Promise<void>;
}

/**
 * Without `python`, the virtual environment is made first, with `env` as the environment of pip.
 * `by` is `up` or `test`; a test leaves no files.
 */
export interface EngineOptions extends Folders {
  readonly port: number;
  readonly python?: string;
  readonly env?: Env;
  readonly by?: string;
  /** Further settings of the engine or its adapter. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Hears of each write that failed because a disk is full. */
  readonly onFault?: ((fault: WriteFault) => void) | undefined;
}

/**
 * Long enough for a busy machine. An engine that ends before it answers is reported at once.
 */
const READY_WITHIN_MS = 120_000;

/** The pipe on which the adapter reports writes that failed. */
const FAULTS = 3;

/**
 * Starts the engine on loopback, in a folder and a process group of its own, and waits until it
 * answers.
 */
export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const { root, port, python, env = {}, by = 'test', settings = {}, signal: stop } = options;
  const { project = projectOf(options), onFault = () => undefined } = options;
  const interpreter = python ?? (await ensureVenv({ root, project, env, signal: stop })).python;
  await assertStartable(root, port);
  const lock = lockOf(root, port);
  const holder = take(lock);
  if (holder !== undefined) {
    throw new CordonError(
      `the engine on port ${port} is just being started or stopped by process ` +
        `${holder || 'unknown'}: wait a moment, or choose another port`,
    );
  }
  try {
    await heal(root, port);
    if (!(await portFree(port))) throw portTaken(port);
    const engine = await launch({
      root,
      project,
      port,
      by,
      interpreter,
      settings,
      onFault,
      release: () => rmSync(lock, { force: true }),
    });
    await waitUntilReady(engine, stop);
    return engine;
  } catch (error) {
    rmSync(lock, { force: true });
    throw error;
  }
};

interface Launch extends Required<Folders> {
  readonly port: number;
  readonly by: string;
  readonly interpreter: string;
  readonly settings: Readonly<Record<string, string>>;
  onFault(fault: WriteFault): void;
  release(): void;
}

const launch = async (given: Launch): Promise<Engine> => {
  const { root, project, port, by, interpreter, settings, release } = given;
  const runDir = cleanRunDir(root, port);
  const rootKey = makeRootKey();
  writeRootKey(runDir, rootKey);
  const child = spawnEngine({ root, project, port, interpreter, settings, runDir });
  const pid = child.pid;
  if (pid === undefined) {
    const [error] = await once(child, 'error');
    const what = `${interpreter} cannot be started (${errorMessage(error)})`;
    throw exhausted(error) ?? endedEarly({ runDir, port }, what);
  }
  const up = noteOf({ port, by, engine: pid });
  try {
    writeUp(runDir, up);
  } catch (error) {
    signal(-pid, 'SIGKILL'); // without up.json no command could find and stop the engine
    throw error;
  }
  const disk = watchDisk(runDir);
  hearFaults(child, disk, given);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    disk.stop();
    child.stdin?.destroy();
    await endGroup(pid);
    // After an `up` a person may still want to read its log, mails and evidence; `cordon down`
    // removes those.
    const removed = by === 'up' ? ['up.json', 'root-key.json', 'home', 'tmp', 'state'] : ['.'];
    for (const name of removed)
      rmSync(join(runDir, name), { recursive: true, force: true, maxRetries: 3 });
    release();
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    rootKey,
    port,
    pid,
    runDir,
    started: up.started,
    ended: Promise.race([endOf(child, { runDir, port }, () => stopping !== undefined), disk.full]),
    ready: () => writeUp(runDir, { ...up, ready: true }),
    stop: () => (stopping ??= stop()),
  };
};

const spawnEngine = ({
  root,
  project,
  port,
  interpreter,
  settings,
  runDir,
}: Omit<Launch, 'by' | 'release' | 'onFault'> & { runDir: string }): ChildProcess => {
  const log = openSync(join(runDir, 'engine.log'), 'a', 0o600);
  const child = spawn(
    interpreter,
    [
      join(projectOf({ root, project }), 'local/engine/adapter/main.py'),
      ...['--run-dir', runDir, '--faults', String(FAULTS)],
    ],
    {
      cwd: runDir,
      detached: true, // a process group of its own: its workers can be found and stopped together
      // The kernel closes stdin however this process ends; the adapter then ends the engine.
      stdio: ['pipe', log, log, 'pipe'],
      env: engineEnvironment({ root, project, port, runDir, settings }),
    },
  );
  closeSync(log);
  // `ended` or the missing pid reports the error; without a listener Node would throw it.
  for (const emitter of [child, child.stdin]) emitter?.on('error', () => undefined);
  return child;
};

/** A write that failed ends the run, although the disk may have space again. */
const hearFaults = (child: ChildProcess, disk: DiskWatch, { onFault }: Launch): void => {
  const pipe = child.stdio[FAULTS];
  if (!(pipe instanceof Readable)) return;
  listenToFaults(pipe, (fault) => {
    onFault(fault);
    disk.report(fault.error);
  });
};

const noteOf = ({ port, by, engine }: Pick<Up, 'port' | 'by' | 'engine'>): Up => ({
  pid: process.pid,
  born: processOf(process.pid)?.born ?? '',
  engine,
  engineBorn: processOf(engine)?.born ?? '',
  port,
  by,
  started: new Date().toISOString(),
  ready: false,
});

type EngineRun = Pick<Engine, 'runDir' | 'port'>;

const endOf = (child: ChildProcess, run: EngineRun, asked: () => boolean): Promise<CordonError> =>
  new Promise((resolve) => {
    const tell = (how: string): void =>
      asked() ? undefined : resolve(endedEarly(run, `the engine ended by itself (${how})`));
    child.once('error', (error) => tell(error.message));
    child.once('exit', (code, name) => tell(name ?? `exit code ${code}`));
  });

/** A sentence with the end of the engine's log; causes that the log shows are named as such. */
const endedEarly = ({ runDir, port }: EngineRun, what: string): CordonError => {
  const log = join(runDir, 'engine.log');
  const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
  const end = said.slice(-20_000);
  if (speaksOfFullDisk(end)) return runOutOfSpace(runDir);
  // another program took the port after it was seen to be free
  if (/\b(address|:\d+ is) already in use/i.test(end)) return portTaken(port);
  return (
    exhausted(end) ??
    new EngineEnded(
      `${what}; the end of its log (${log}), then run the command ` +
        `again:\n${lastLines(said) || '(the log is empty)'}`,
    )
  );
};

const waitUntilReady = async (engine: Engine, stop: AbortSignal | undefined): Promise<void> => {
  const polling = new AbortController();
  const poll = async (): Promise<CordonError | undefined> => {
    for (
      const until = performance.now() + READY_WITHIN_MS;
      performance.now() < until;
      await sleep(25, undefined, { signal: polling.signal })
    ) {
      stop?.throwIfAborted();
      if (await answers(engine)) return undefined;
    }
    return endedEarly(
      engine,
      `the engine did not answer on port ${engine.port} within ${READY_WITHIN_MS / 1_000} s`,
    );
  };
  try {
    const failure = await Promise.race([poll(), engine.ended]);
    if (failure) throw failure;
  } catch (error) {
    polling.abort();
    await engine.stop();
    throw error;
  }
};

/** Another program may have taken the port: only our engine knows the root key. */
const answers = (engine: KeyedEngine): Promise<boolean> =>
  signedGet(engine, '/_cordon/corrections', AbortSignal.timeout(2_000))
    .then((answer) => answer.json())
    .then(Array.isArray, () => false);
