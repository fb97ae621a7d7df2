import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { errorMessage } from '../../responders/shared/errors.ts';

/** The environment handed to a program. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Hears how it goes: what is done, and with `doing` what takes a while. */
export type Say = (line: string, state?: 'done' | 'doing') => void;

/** How a program ended, and the end of what it said. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

interface Options {
  readonly env: Env;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const KEPT = 20_000;

/**
 * Runs a program to its end; a program that cannot be started ends with 127. It is stopped with us.
 */
export const runProgram = async (
  command: string,
  args: readonly string[],
  { env, cwd, signal, timeoutMs }: Options,
): Promise<Ended> => {
  signal?.throwIfAborted();
  const child = spawn(command, args, {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd && { cwd }),
    ...(timeoutMs && { timeout: timeoutMs }),
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-KEPT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const stop = (): void => void child.kill('SIGTERM');
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
 * What a failed program had to say, without the lines that only its author wants: up to five lines,
 * errors first.
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
