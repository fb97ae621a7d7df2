import { spawnSync } from 'node:child_process';

/** Something is not on this machine; the message says what to install. */
export class MissingError extends Error {
  override readonly name = 'MissingError';
}

export const needed = (program: string, what: string): void => {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error)
    throw new MissingError(`${program} is not here: install ${what}`);
};

/** Runs a program to its end; what it said is in the error when it fails. */
export const run = (program: string, args: readonly string[], cwd?: string): string => {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    cwd,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) {
    const reason = error?.message ?? `exit ${status}`;
    throw new Error(`${program} ${args.join(' ')}: ${reason}\n${stdout}${stderr}`.trim());
  }
  return stdout;
};
