import { explain } from '../local/engine/disk-errors.ts';
import { exhausted } from '../local/engine/exhausted.ts';
import { portTakenSince } from '../local/engine/port.ts';
import type { Say } from '../local/engine/run-program.ts';
import { linesWithCodes } from '../responders/shared/printable.ts';
import type { FailureDocument } from './schemas/parts/document.ts';
import { type Colour, painted, wrapped } from './terminal.ts';

/** 0 ok · 1 error or check failed · 2 usage · 3 not contained, or the drill failed. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Where a command prints: results to stdout, progress and errors to stderr. */
export interface Streams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Whether stderr takes colours. */
  readonly interactive: boolean;
  /** Whether stdout takes colours. */
  readonly colours?: boolean;
  /** The width of the terminal that reads stdout; none behind a pipe. */
  readonly columns?: number | undefined;
  /** The same of stderr. */
  readonly noteColumns?: number | undefined;
}

/**
 * What a command prints: `line` for people, `document` for `--json`, `done` and `note` while it
 * works.
 */
export interface Output {
  readonly json: boolean;
  /** The width of the terminal; none behind a pipe, where nothing is wrapped. */
  readonly columns: number | undefined;
  /** A colour is that of the first line, which says whether something is contained. */
  line(text?: string, colour?: Colour): void;
  /** `out.document<ShowDocument>({ … })`: the type, of cli/schemas, must be named. */
  document<Document = never>(document: NoInfer<Document>): void;
  done(text: string): void;
  note(text: string): void;
  /** `done` or `note`, by the given state. */
  say: Say;
}

/** Paints the first line, and the marks with which a line begins. */
const inColours = (text: string, colour: Colour | undefined): string => {
  const [head = '', ...rest] = text.split('\n');
  const marked = [colour ? painted(head, colour) : head, ...rest].join('\n');
  return marked
    .replaceAll(/^( *)✘/gm, (_mark, indent: string) => `${indent}${painted('✘', 'bad')}`)
    .replaceAll(/^( *)✔/gm, (_mark, indent: string) => `${indent}${painted('✔', 'good')}`);
};

/**
 * The output of one command. With `json`, `line` is silent and `document` prints exactly once. Text
 * may quote an attacker: characters that could move the cursor or change the direction of the text
 * are printed as their code.
 */
export const createOutput = (streams: Streams, json: boolean): Output => {
  let printed = false;
  const { columns, colours = false } = streams;
  const mark = streams.interactive ? painted('✔', 'good') : '✔';
  const noted = (text: string): string => wrapped(linesWithCodes(text), streams.noteColumns);
  const done = (text: string): void => streams.stderr(`${noted(`✔ ${text}`).replace('✔', mark)}\n`);
  const note = (text: string): void => streams.stderr(`${noted(`  ${text}`)}\n`);
  return {
    json,
    columns,
    line: (text = '', colour) => {
      if (json) return;
      const shown = wrapped(linesWithCodes(text), columns);
      streams.stdout(`${colours ? inColours(shown, colour) : shown}\n`);
    },
    document: (document) => {
      if (!json || printed) return;
      printed = true;
      streams.stdout(`${JSON.stringify(document, undefined, 2)}\n`);
    },
    done,
    note,
    say: (line, state) => (state === 'doing' ? note(line) : done(line)),
  };
};

/**
 * Prints an error as one sentence that says what to do (as a document too, for `--json`), and gives
 * the exit code.
 */
export const printError = (
  error: unknown,
  out: Output,
  { streams, root, debug }: { streams: Streams; root: string; debug: boolean },
): ExitCode => {
  const { message, code, stack } =
    portTakenSince(error) ?? exhausted(error) ?? explain(error, `${root}/.cordon`);
  const originalStack = error instanceof Error ? error.stack : stack;
  out.document<FailureDocument>({ error: message });
  const said = `cordon: ${linesWithCodes(String(debug ? originalStack : message))}`;
  streams.stderr(`${wrapped(said, streams.noteColumns)}\n`);
  return code;
};

/** Rows of two columns, aligned. */
export const table = (rows: readonly (readonly [string, string])[], indent = '  '): string => {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${indent}${name.padEnd(width)}  ${text}`).join('\n');
};
