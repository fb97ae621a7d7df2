import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from '../../operator/errors.ts';
import { diskFull, speaksOfFullDisk } from './disk-errors.ts';
import { exhausted } from './exhausted.ts';
import { listFiles } from './file-list.ts';
import { pythonOnLeash } from './leash.ts';
import { withLock } from './lock.ts';
import { damagedPackageFiles } from './pip-records.ts';
import { processes, signal } from './processes.ts';
import { findPython } from './python.ts';
import { gist, runProgram } from './run-program.ts';
import {
  folderOf,
  hashOf,
  isSound,
  isSoundAfterReading,
  markedState,
  nameOf,
  pythonOf,
  requirementsOf,
  type VenvOptions,
  venvLockOf,
} from './venv-state.ts';

const TRIES = 3;

/**
 * Makes sure that the Python environment exists, the engine's by default. It is made when missing,
 * made again when the file of requirements changed or files are damaged, and continued when an
 * installation was interrupted. A lock keeps two processes from installing at the same time.
 */
export const ensureVenv = async (
  options: VenvOptions,
): Promise<{ python: string; made: boolean }> => {
  const { say } = options;
  const python = pythonOf(options);
  if (isSound(options)) return { python, made: false };
  const onWait = (pid: number): void =>
    say?.(
      `another cordon (process ${pid}) is installing ${nameOf(options)}; waiting for it`,
      'doing',
    );
  return withLock(
    venvLockOf(folderOf(options)),
    async () => {
      if (isSound(options)) return { python, made: false };
      if (markedState(options) === 'ready' && isSoundAfterReading(options))
        return { python, made: false };
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
  if (!(await canGoOn(options))) {
    rmSync(folder, { recursive: true, force: true });
    await step(options, base.path, ['venv', folder]);
    writeFileSync(join(folder, '.making'), hashOf(options));
  }
  await install(options);
  listFiles(folder);
  writeFileSync(join(folder, '.made'), hashOf(options));
  rmSync(join(folder, '.making'));
};

/** Whether a half-made environment is worth going on with: its packages are as pip wrote them. */
const canGoOn = async (options: VenvOptions): Promise<boolean> => {
  if (markedState(options) !== 'half' || !(await works(options))) return false;
  forgetHalfInstalled(folderOf(options));
  return damagedPackageFiles(folderOf(options)).length === 0;
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
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '--require-hashes',
    '--no-deps',
    ...(options.pip ?? []),
    '-r',
    requirementsOf(options),
  ];
  for (let attempt = 1; ; attempt++) {
    try {
      return await step(options, pythonOf(options), args);
    } catch (error) {
      // Space, descriptors or processes are used up, or a download has another hash than required.
      const hopeless =
        !(error instanceof CordonError) || /^no .* left|DO NOT MATCH/.test(error.message);
      if (hopeless || attempt === TRIES) throw error;
      options.say?.(`installing ${nameOf(options)} failed; trying again`, 'doing');
      await sleep(attempt * 1_000, undefined, { signal: options.signal });
    }
  }
};

const step = async (
  options: VenvOptions,
  python: string,
  moduleAndArguments: readonly string[],
): Promise<void> => {
  const { env, signal: stop } = options;
  const folder = folderOf(options);
  // On the same disk as what is installed, so that one disk must have room; a killed installer
  // leaves its files where the next one removes them.
  const temporary = join(folder, '.tmp');
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  const { code, output } = await runProgram(python, ['-c', pythonOnLeash, ...moduleAndArguments], {
    env: { ...env, TMPDIR: temporary, PYTHONHOME: undefined, PYTHONPATH: undefined },
    signal: stop,
    leash: true,
  });
  rmSync(temporary, { recursive: true, force: true });
  if (code === 0) return;
  const why = exhausted(output);
  if (why) throw why;
  if (speaksOfFullDisk(output)) throw diskFull(folder);
  throw new CordonError(
    `installing ${nameOf(options)} failed; check the network or the package index that pip ` +
      `uses, then run the command again (it goes on where it stopped):\n${gist(output)}`,
  );
};

/** Ends installers of an `up` that is gone: they would write into the same folder. */
const endOrphans = async (folder: string): Promise<void> => {
  const orphans = processes().filter(
    ({ command }) =>
      (command.includes(`${folder}/bin/python`) && /(pip install|ensurepip)/.test(command)) ||
      command.includes(` venv ${folder}`),
  );
  for (const { pid } of orphans) signal(pid, 'SIGKILL');
  if (orphans.length > 0) await sleep(200);
};

/**
 * Removes the metadata of packages whose installation was interrupted, so that pip installs them
 * again. pip writes RECORD last, but takes a package without RECORD for installed.
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
