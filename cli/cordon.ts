#!/usr/bin/env node
import { dirname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, CommanderError } from 'commander';
import { app } from './app.ts';
import { approve } from './approve.ts';
import { doctor } from './doctor/doctor.ts';
import { down } from './down.ts';
import { drill } from './drill/drill.ts';
import { firstDrill } from './drill/first.ts';
import { env } from './env.ts';
import { type EvidenceDeps, evidence } from './evidence/evidence.ts';
import { incidents } from './incidents.ts';
import { inject } from './inject.ts';
import { type MailDeps, mail } from './mail.ts';
import type { ExitCode } from './output.ts';
import { watchStarters } from './parent.ts';
import { release } from './release.ts';
import { show } from './show.ts';
import { watchStreams } from './standard-streams.ts';
import { type UpDeps, up } from './up.ts';
import type { Verb } from './verb.ts';

type AllDeps = UpDeps & EvidenceDeps & MailDeps;

/** Every command, in the order of the help. Adding one is a file and a line here. */
const verbs: readonly Verb<AllDeps>[] = [
  ...[up, down, env, doctor, drill, inject],
  ...[incidents, show, approve, release, evidence, mail],
  app,
];

/** Asks the person at the keyboard; the question is no result, so it goes to stderr. */
const ask = async (question: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
};

// With NODE_USE_ENV_PROXY, Node.js would ask the proxy for the engine on this machine.
process.env.NO_PROXY = [process.env.NO_PROXY, '127.0.0.1', 'localhost'].filter(Boolean).join(',');
if (process.env.no_proxy !== undefined) process.env.no_proxy += `,${process.env.NO_PROXY}`;
// What the command writes is for the person who runs it: logs, keys, mails, evidence.
process.umask(0o077);
const streams = watchStreams(process);

const main = async (signal: AbortSignal): Promise<ExitCode> => {
  let code: ExitCode = 0;
  const deps: AllDeps = {
    root: process.env.CORDON_ROOT ?? dirname(import.meta.dirname),
    env: process.env,
    debug: Boolean(process.env.CORDON_DEBUG),
    signal,
    failure: new AbortController(),
    streams: {
      stdout: streams.print,
      stderr: (text) => void process.stderr.write(text),
      interactive: process.stderr.isTTY === true && !process.env.NO_COLOR,
    },
    isStdoutClosed: streams.isStdoutClosed,
    firstDrill,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
    exit: (given) => {
      code = given;
    },
  };
  const program = new Command('cordon')
    .description(
      'Contains a compromised AWS workload within seconds of a GuardDuty finding, and proves it.',
    )
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .addHelpText('after', '\nExamples:\n  cordon up\n  cordon up --exit --json');
  for (const verb of verbs) verb(program, deps);
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
};

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => stop.abort(new Error(`stopped by ${name}`)));
watchStarters(process.env, (reason) => stop.abort(reason));
const code = await main(stop.signal);
const lost = await streams.finish(stop.signal);
if (lost !== undefined) process.stderr.write(`cordon: ${lost}\n`);
process.exit(lost === undefined ? code : code || 1);
