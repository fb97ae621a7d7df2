import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { helpFor } from './help.ts';
import { nearest } from './nearest.ts';
import type { ExitCode } from './output.ts';
import { wrapped } from './terminal.ts';
import { described } from './verb.ts';
import { type AllDeps, type ListedVerb, verbs } from './verbs.ts';

export type { AllDeps } from './verbs.ts';

const versionOf = (): string => {
  const file = new URL('../package.json', import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, 'utf8'));
  return version;
};

const emptyProgram = ({ streams }: Pick<AllDeps, 'streams'>): Command => {
  const { stdout, stderr, columns, noteColumns } = streams;
  return new Command('cordon')
    .description(
      'Contains a compromised AWS workload within seconds of a GuardDuty finding, and proves it.',
    )
    .version(versionOf(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help for the command')
    .configureHelp(helpFor(columns))
    .configureOutput({
      writeOut: (text) => stdout(wrapped(text, columns)),
      writeErr: (text) => stderr(wrapped(text, noteColumns)),
      outputError: (text, write) => write(text.replace(/^error: /, 'cordon: ')),
    })
    .exitOverride()
    .showHelpAfterError('(--help shows the options)')
    .addHelpText('after', '\nExamples:\n  cordon up\n  cordon up --exit --json');
};

/** The command that the words name, or the error that names the first unknown word. */
const assertKnown = (program: Command, words: readonly string[]): void => {
  let command = program;
  for (const word of words) {
    if (word.startsWith('-') || command.commands.length === 0) return;
    if (word === 'help') continue;
    const next = command.commands.find((known) => known.name() === word);
    if (!next) {
      const guess = nearest(
        word,
        command.commands.map((known) => known.name()),
      );
      const hint = guess === undefined ? '' : ` (did you mean '${guess}'?)`;
      command.error(`error: unknown command '${word}'${hint}`, { exitCode: 2 });
    } else command = next;
  }
};

/** The verb that the words ask for, also after `help`. */
const verbOf = (words: readonly string[]): ListedVerb | undefined => {
  const operands = words.filter((word) => !word.startsWith('-') && word !== 'help');
  return verbs.find(({ name }) => name === operands[0]);
};

/** Runs one command line and returns its exit code. */
export const runCommand = async (
  words: readonly string[],
  given: Omit<AllDeps, 'exit'>,
): Promise<ExitCode> => {
  let code: ExitCode = 0;
  const deps: AllDeps = {
    ...given,
    exit: (ended) => {
      code = ended;
    },
  };
  const program = emptyProgram(deps);
  const wanted = verbOf(words);
  for (const verb of verbs) {
    const command = described(program.command(verb.name), verb.summary);
    if (verb === wanted) (await verb.load())(command, deps);
  }
  try {
    assertKnown(program, words);
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
};
