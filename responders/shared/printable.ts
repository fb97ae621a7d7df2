const codeOf = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/** Controls, formats, changes of direction, ends of lines: a reader cannot see them. */
export const hiddenCharacters = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Each hidden character as its code (`\u{202e}`); every other one stays, whatever its script. */
export const withCodes = (text: string): string => text.replaceAll(hiddenCharacters, codeOf);

/** The same for a text of several lines: its line ends stay. */
export const linesWithCodes = (text: string): string => text.split('\n').map(withCodes).join('\n');

/**
 * Attacker-written text made fit for a line: one line, printable, short. A character that is not
 * printable ASCII shows as its code, so that nothing stays hidden.
 */
export const printable = (text: string, limit = 200): string => {
  const ascii = text.replaceAll(/[^\x20-\x7e]/gu, codeOf);
  return ascii.length <= limit ? ascii : `${ascii.slice(0, limit - 1)}…`;
};
