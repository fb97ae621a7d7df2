import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { exhausted } from './exhausted.ts';
import { type Env, runProgram } from './run-program.ts';

/** A Python that can make a virtual environment. */
export interface Python {
  readonly path: string;
  readonly version: string;
}

const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const ASK =
  `import importlib.util as u, sys; print('cordon', '%d.%d.%d' % sys.version_info[:3], *(m for ` +
  `m in ('venv', 'ensurepip') if not u.find_spec(m)))`;
const TOO_OLD = /^(2\.|3\.\d\.)/;

/**
 * The first Python ≥ 3.10 in PATH with its venv module; otherwise an error that says what to
 * install.
 */
export const findPython = async ({
  env,
  platform = process.platform,
}: {
  env: Env;
  platform?: string;
}): Promise<Python> => {
  const old: string[] = [];
  const bare: string[] = [];
  for (const path of candidates(env.PATH ?? '')) {
    const { code, output } = await runProgram(path, ['-c', ASK], { env, timeoutMs: 15_000 });
    // a Python that is there and cannot be started is not missing
    const why = code === 0 ? undefined : exhausted(output);
    if (why) throw why;
    const [, version, ...missing] = /^cordon .*$/m.exec(output)?.[0].split(' ') ?? [];
    // for example the shim of a version manager that has no version installed
    if (code !== 0 || version === undefined) continue;
    if (TOO_OLD.test(version)) old.push(version);
    else if (missing.length > 0) bare.push(version);
    else return { path, version };
  }
  throw new CordonError(sentence({ old, bare, platform }));
};

const candidates = (path: string): readonly string[] =>
  NAMES.flatMap((name) =>
    path
      .split(delimiter)
      .filter(Boolean)
      .map((folder) => join(folder, name)),
  ).filter((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const sentence = ({
  old,
  bare,
  platform,
}: {
  old: readonly string[];
  bare: readonly string[];
  platform: string;
}): string => {
  const [mac, [version]] = [platform === 'darwin', bare];
  if (version !== undefined) {
    const minor = version.split('.').slice(0, 2).join('.');
    const fix = mac
      ? 'brew install python@3.13'
      : `sudo apt install python3-venv (or python${minor}-venv) on Debian and Ubuntu`;
    return (
      `Python ${version} was found, but not its venv and ensurepip modules; install them: ` +
      `${fix}, then run the command again`
    );
  }
  const fix = mac
    ? 'brew install python@3.13'
    : 'sudo apt install python3 python3-venv on Debian and Ubuntu, or sudo dnf install python3 ' +
      'on Fedora';
  const problem =
    old.length > 0 ? `only Python ${old.join(', ')} was found` : 'no Python was found in PATH';
  return (
    `the local engine needs Python 3.10 or newer and ${problem}; install it: ${fix}, ` +
    'then run the command again'
  );
};
