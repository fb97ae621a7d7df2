import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from '../../operator/errors.ts';
import { diskFull, speaksOfFullDisk } from './disk-errors.ts';
import { withLock } from './lock.ts';
import { processes, signal } from './processes.ts';
import { findPython } from './python.ts';
import { type Env, gist, runProgram, type Say } from './run-program.ts';

/** What `ensureVenv` needs; `say` hears of work that takes time. */
export interface VenvOptions {
  readonly root: string;
  readonly env: Env;
  readonly requirements?: string;
  /** The folder below `.cordon/`; the engine's is `venv`. */
  readonly folder?: string;
  /** What is installed, as messages call it. */
  readonly name?: string;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `ready`: made from today's lock. `stale`: made from another one. `half`: interrupted. `none`: not
 * made yet.
 */
export type VenvState = 'ready' | 'stale' | 'half' | 'none';

const TRIES = 3;
const folderOf = ({ root, folder = 'venv' }: VenvOptions): string => join(root, '.cordon', folder);
const pythonOf = (options: VenvOptions): string => join(folderOf(options), 'bin/python');
const nameOf = ({ name = 'the engine' }: VenvOptions): string => name;
const lockFileOf = ({ root, requirements }: VenvOptions): string =>
  requirements ?? join(root, 'local/engine/requirements.txt');

/** What is there now, without changing it. */
export const venvState = (options: VenvOptions): VenvState => {
  const folder = folderOf(options);
  if (!existsSync(folder)) return 'none';
  const wanted = hashOf(options);
  if (markOf(join(folder, '.made')) === wanted && existsSync(pythonOf(options))) return 'ready';
  return markOf(join(folder, '.making')) === wanted ? 'half' : 'stale';
};

/**
 * The engine's Python environment: made when missing, made again when the lock file changed, gone
 * on with when half made.
 */
export const ensureVenv = async (
  options: VenvOptions,
): Promise<{ python: string; made: boolean }> => {
  const { say } = options;
  const python = pythonOf(options);
  if (venvState(options) === 'ready') return { python, made: false };
  const onWait = (pid: number): void =>
    say?.(
      `another cordon (process ${pid}) is installing ${nameOf(options)}; waiting for it`,
      'doing',
    );
  return withLock(
    `${folderOf(options)}.lock`,
    async () => {
      if (venvState(options) === 'ready') return { python, made: false };
      await make(options);
      return { python, made: true };
    },
    { onWait, signal: options.signal },
  );
};

const make = async (options: VenvOptions): Promise<void> => {
  const [folder, base] = [folderOf(options), await findPython(options)];
  options.say?.(
    `installing ${nameOf(options)} into .cordon/${basename(folder)} ` +
      `with Python ${base.version} (once, about 20 s)`,
    'doing',
  );
  await endOrphans(folder);
  if (venvState(options) === 'half' && (await works(options))) {
    forgetHalfInstalled(folder);
  } else {
    rmSync(folder, { recursive: true, force: true });
    await step(options, base.path, ['-m', 'venv', folder]);
    writeFileSync(join(folder, '.making'), hashOf(options));
  }
  await install(options);
  writeFileSync(join(folder, '.made'), hashOf(options));
  rmSync(join(folder, '.making'));
};

const works = async (options: VenvOptions): Promise<boolean> => {
  const { env, signal: stop } = options;
  const python = pythonOf(options);
  return (
    existsSync(python) &&
    (await runProgram(python, ['-m', 'pip', '--version'], { env, signal: stop })).code === 0
  );
};

const install = async (options: VenvOptions): Promise<void> => {
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--require-hashes',
    '--no-deps',
    '-r',
    lockFileOf(options),
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      return await step(options, pythonOf(options), args);
    } catch (error) {
      const hopeless =
        !(error instanceof CordonError) || /no space left|DO NOT MATCH/.test(error.message);
      if (hopeless || attempt === TRIES) throw error;
      options.say?.(`installing ${nameOf(options)} failed; trying again`, 'doing');
      await sleep(attempt * 1_000, undefined, { signal: options.signal });
    }
  }
};

const step = async (
  options: VenvOptions,
  command: string,
  args: readonly string[],
): Promise<void> => {
  const { env, signal: stop } = options;
  const { code, output } = await runProgram(command, args, {
    env: { ...env, PYTHONHOME: undefined, PYTHONPATH: undefined },
    signal: stop,
  });
  if (code === 0) return;
  if (speaksOfFullDisk(output)) throw diskFull(folderOf(options));
  throw new CordonError(
    `installing ${nameOf(options)} failed; check the network or the package index that pip ` +
      `uses, then run the command again (it goes on where it stopped):\n${gist(output)}`,
  );
};

/** Ends installers of a killed `up`: they would write into the same folder. */
const endOrphans = async (folder: string): Promise<void> => {
  const ours = processes().filter(
    ({ command }) =>
      command.includes(`${folder}/bin/python -m pip`) || command.includes(`-m venv ${folder}`),
  );
  for (const { pid } of ours) signal(pid, 'SIGKILL');
  if (ours.length > 0) await sleep(200);
};

/**
 * pip writes RECORD last: a package without it was cut short, and pip would take it for installed.
 */
const forgetHalfInstalled = (folder: string): void => {
  const infos = existsSync(join(folder, 'lib'))
    ? readdirSync(join(folder, 'lib'), { recursive: true, encoding: 'utf8' })
    : [];
  for (const info of infos.filter((path) => path.endsWith('.dist-info'))) {
    if (!existsSync(join(folder, 'lib', info, 'RECORD')))
      rmSync(join(folder, 'lib', info), { recursive: true });
  }
};

const hashOf = (options: VenvOptions): string => {
  const file = lockFileOf(options);
  if (!existsSync(file))
    throw new CordonError(
      `${file} is missing: restore it from version control, ` +
        `it says what ${nameOf(options)} is made of`,
    );
  return createHash('sha256').update(readFileSync(file)).digest('hex');
};

const markOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8') : undefined;
