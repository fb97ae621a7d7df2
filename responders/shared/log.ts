import { hiddenCharacters } from './printable.ts';
import { type Mask, maskAll } from './redact.ts';

export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Longer texts and lines are cut. CloudWatch itself would take 256 KB for a line. */
const mostText = 2_000;
const mostLine = 60_000;

const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

/** Line ends, terminal controls and bidirectional marks, written as JSON escapes. */
const escaped = (line: string): string =>
  line.replaceAll(hiddenCharacters, (char) =>
    Array.from(
      { length: char.length },
      (_none, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/**
 * Masks and shortens a text. The mask sees more of the text than is logged, so that it recognises a
 * secret at the place of the cut.
 */
export const logText =
  (mask: Mask) =>
  (text: string): string =>
    cut(mask(text.slice(0, mostText * 4)), mostText);

/**
 * Writes one JSON line per event, of bounded length and without secrets. Line ends are escaped, so
 * that logged text cannot forge a line.
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
