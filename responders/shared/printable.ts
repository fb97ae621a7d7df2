const codeOf = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/** Controls, formats, bidirectional marks and line ends: characters that a reader cannot see. */
export const hiddenCharacters = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Replaces each hidden character by its code (`\u{202e}`); all others stay, in every script. */
export const withCodes = (text: string): string => text.replaceAll(hiddenCharacters, codeOf);

/** The same for a text of several lines, which keeps its line ends. */
export const linesWithCodes = (text: string): string => text.split('\n').map(withCodes).join('\n');

/**
 * Makes text of an attacker safe to show: short, on one line, in printable ASCII. Every other
 * character is replaced by its code, so that nothing stays hidden.
 */
export const printable = (text: string, limit = 200): string => {
  const ascii = text.replaceAll(/[^\x20-\x7e]/gu, codeOf);
  return ascii.length <= limit ? ascii : `${ascii.slice(0, limit - 1)}…`;
};
