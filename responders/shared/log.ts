import { hiddenCharacters } from './printable.ts';
import { type Mask, maskAll } from './redact.ts';

export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** CloudWatch takes 256 KB; nobody reads a text of more than this in a log. */
const mostText = 2_000;
const mostLine = 60_000;

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/**
 * What a reader may take for the end of a line, for a command to the terminal, or for a change of
 * direction: written as JSON's escape.
 */
const escaped = (line: string): string =>
  line.replaceAll(hiddenCharacters, (char) =>
    Array.from(
      { length: char.length },
      (_none, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/**
 * Without secrets, and so long that it can be read. The mask sees more than is shown, so that a cut
 * secret is still one.
 */
export const logText =
  (mask: Mask) =>
  (text: string): string =>
    cut(mask(text.slice(0, mostText * 4)), mostText);

/**
 * One JSON line per event, of bounded length and without secrets: text that others wrote cannot
 * start a line of its own.
 */
export const jsonLog =
  (write: (line: string) => void, mask: Mask): Log =>
  (message, fields = {}) => {
    const at = new Date().toISOString();
    const line = escaped(
      JSON.stringify({ at, message, ...Object(maskAll(fields, logText(mask))) }),
    );
    write(
      line.length <= mostLine
        ? line
        : JSON.stringify({ at, message, tooLong: line.length, cut: line.slice(0, mostLine / 2) }),
    );
  };
