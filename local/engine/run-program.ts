import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { errorMessage } from '../../responders/shared/errors.ts';
import { signal as sendSignal } from './processes.ts';

/** The environment handed to a program. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Reports progress: a finished step, or with `doing` a step that takes a while. */
export type Say = (line: string, state?: 'done' | 'doing') => void;

/** The exit code of a program, and the end of its output. */
export interface ProgramResult {
  readonly code: number;
  readonly output: string;
}

interface Options {
  readonly env: Env;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /**
   * The program watches stdin (`leash.ts`) and leads a process group, so that nothing of it is left
   * however this process ends.
   */
  readonly leash?: boolean;
}

const KEPT = 20_000;

/**
 * Runs a program to its end. A program that cannot be started has the exit code 127. `signal` stops
 * the program.
 */
export const runProgram = async (
  command: string,
  args: readonly string[],
  { env, cwd, signal, timeoutMs, leash = false }: Options,
): Promise<ProgramResult> => {
  signal?.throwIfAborted();
  // What it installs is for the users of functions, too; what we write ourselves is not.
  const ownMask = process.umask(0o022);
  const child = spawn(command, args, {
    env: { ...env },
    detached: leash,
    stdio: [leash ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    ...(cwd && { cwd }),
    ...(timeoutMs && { timeout: timeoutMs }),
  });
  process.umask(ownMask);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-KEPT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.stdin?.on('error', () => undefined); // the program may end before its stdin is closed
  const stop = (): void => {
    if (leash && child.pid !== undefined) sendSignal(-child.pid, 'SIGTERM');
    else child.kill('SIGTERM');
    child.stdin?.end(); // npm goes on after the signal, but not without its leash
  };
  signal?.addEventListener('abort', stop);
  try {
    const [code] = await once(child, 'close');
    signal?.throwIfAborted();
    return { code: typeof code === 'number' ? code : 1, output };
  } catch (error) {
    signal?.throwIfAborted();
    return { code: 127, output: errorMessage(error) };
  } finally {
    signal?.removeEventListener('abort', stop);
  }
};

/**
 * The lines of a failed program's output that help its user: up to five lines with errors, or the
 * last five lines. Stack traces are left out.
 */
export const gist = (output: string): string => {
  const lines = output
    .split('\n')
    .filter(
      (line) =>
        line.trim() &&
        !/^\s+at |^Node\.js v|^node:|^\s*\^+\s*$|^[\s{}]*(code:|requireStack:|\[?\]?\})/.test(line),
    );
  const errors = lines.filter((line) => /error/i.test(line));
  return (errors.length > 0 ? errors.slice(0, 5) : lines.slice(-5))
    .map((line) => `  ${line.trim()}`)
    .join('\n');
};

/** The last lines of a text, for people. */
export const lastLines = (output: string, count = 10): string =>
  output.trim().split('\n').slice(-count).join('\n');
