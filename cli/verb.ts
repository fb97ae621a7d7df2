import { type Command, InvalidArgumentError } from 'commander';
import type { Folders } from '../local/engine/project.ts';
import { PORTS } from '../local/engine/run-dir.ts';
import type { Env } from '../local/engine/run-program.ts';
import { createOutput, type ExitCode, type Output, printError, type Streams } from './output.ts';

/** What every command gets. Only `cordon.ts` reads it from the process. */
export interface CommandDeps extends Folders {
  readonly env: Env;
  readonly streams: Streams;
  readonly debug: boolean;
  /** Aborted by SIGINT, SIGTERM or SIGHUP, or when the npm that started the command ends. */
  readonly signal: AbortSignal;
  /** Aborted with an error that ends the command at once, whatever it still waits for. */
  readonly failure?: AbortController;
  /** Called once, when the command has ended. */
  exit(code: ExitCode): void;
}

/**
 * Fills a command that has its name and summary. One file per verb, one line in the list of
 * `cli/verbs.ts`.
 */
export type Verb<D extends CommandDeps = CommandDeps> = (command: Command, deps: D) => void;

/** The options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
}

/** Sets the sentence that stands beside the command in a list, and above its own help. */
export const described = (command: Command, summary: string): Command =>
  command.summary(summary).description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`);

/** A command of a group, such as `cordon drill list`. */
export const subcommand = (group: Command, name: string, summary: string): Command =>
  described(group.command(name), summary);

/**
 * Gives a command `--json` and its two examples. Add arguments and options, then
 * `.action(action(deps, …))`.
 */
export const verb = (command: Command, examples: readonly [string, string]): Command =>
  command
    .option('--json', 'print one JSON document on stdout and nothing else')
    .addHelpText('after', `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`);

/**
 * Runs a command that takes options and no arguments. An error is printed as one sentence;
 * otherwise `work` returns the exit code.
 */
export const action =
  <O extends CommonOptions>(
    deps: CommandDeps,
    work: (out: Output, options: O) => Promise<ExitCode>,
  ) =>
  (options: O): Promise<void> =>
    finish(deps, options, (out) => work(out, options));

type Work = (out: Output) => Promise<ExitCode>;

/**
 * The same for commands with arguments: `.action((incident: string, options: O) => finish(deps,
 * options, async (out) => …))`. When `signal` is aborted the command ends at once and does not wait
 * for `work`.
 */
export const finish = (deps: CommandDeps, options: CommonOptions, work: Work): Promise<void> =>
  finishItself(deps, options, (out) => Promise.race([work(out), interrupted(deps.signal)]));

/**
 * For commands that handle `signal` themselves, because they have something to stop, to restore or
 * to print.
 */
export const finishItself = async (
  deps: CommandDeps,
  { json = false }: CommonOptions,
  work: Work,
): Promise<void> => {
  const out = createOutput(deps.streams, json);
  const { failure } = deps;
  try {
    const failed = failure ? [interrupted(failure.signal)] : [];
    deps.exit(await Promise.race([work(out), ...failed]));
  } catch (error) {
    deps.exit(printError(error, out, deps));
  } finally {
    failure?.abort(); // ends what watches for a failure
  }
};

const interrupted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const end = (): void => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });

/** Parses the first port of a run. The highest ports are refused: a run needs a block of them. */
export const portNumber = (text: string): number => {
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1_024 && port <= 65_536 - PORTS) return port;
  throw new InvalidArgumentError(`wanted a number from 1024 to ${65_536 - PORTS}.`);
};
