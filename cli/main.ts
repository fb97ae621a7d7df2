import { dirname } from 'node:path';
import { isPackage } from '../local/engine/run-dir.ts';
import { type AllDeps, runCommand } from './program.ts';
import { watchStreams } from './standard-streams.ts';
import { coloursOf, widthOf } from './terminal.ts';

/** Asks the person at the keyboard; the question is no result, so it goes to stderr. */
const ask = async (question: string): Promise<string> => {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
};

/** Neither npm nor an older Node.js has started most commands, which need not look for them. */
const watchStarted = async (end: (reason: Error) => void): Promise<void> => {
  if (process.env.npm_lifecycle_event === undefined && !process.channel) return;
  const { watchStarters } = await import('./parent.ts');
  watchStarters(process.env, end);
};

// With NODE_USE_ENV_PROXY, Node.js would ask the proxy for the engine on this machine.
process.env.NO_PROXY = [process.env.NO_PROXY, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
if (process.env.no_proxy !== undefined) process.env.no_proxy += `,${process.env.NO_PROXY}`;

const watched = watchStreams(process);

// A checkout keeps what its runs leave. npm replaces the folder of a package, so what its runs
// leave lies in the folder in which the command is called.
const code = dirname(import.meta.dirname);
const { CORDON_ROOT } = process.env;

const depsOf = (signal: AbortSignal): Omit<AllDeps, 'exit'> => ({
  root: CORDON_ROOT ?? (isPackage ? process.cwd() : code),
  project: CORDON_ROOT ?? code,
  env: process.env,
  debug: Boolean(process.env.CORDON_DEBUG),
  signal,
  failure: new AbortController(),
  streams: {
    stdout: watched.print,
    stderr: (text) => void process.stderr.write(text),
    interactive: coloursOf(process.env, process.stderr.isTTY),
    colours: coloursOf(process.env, process.stdout.isTTY),
    columns: widthOf(process.stdout),
    noteColumns: widthOf(process.stderr),
  },
  isStdoutClosed: watched.isStdoutClosed,
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
});

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => stop.abort(new Error(`stopped by ${name}`)));
await watchStarted((reason) => stop.abort(reason));
const exitCode = await runCommand(process.argv.slice(2), depsOf(stop.signal));
const lost = await watched.finish(stop.signal);
if (lost !== undefined) process.stderr.write(`cordon: ${lost}\n`);
process.exit(lost === undefined ? exitCode : exitCode || 1);
