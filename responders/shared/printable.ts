const codeOf = (char: string): string => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;

/** A joiner that does not stand between two parts of an emoji, and an emoji's own selector. */
const strayJoiner =
  /(?<!\p{Extended_Pictographic}\ufe0f?\p{EMod}?)\u200d|\u200d(?!\p{Extended_Pictographic})/u;
const straySelector = /(?<!\p{Extended_Pictographic})\ufe0f(?!\u20e3)/u;
const invisible = /(?!\u200d|\ufe0f)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Characters that a reader cannot see: controls, formats, bidirectional and zero-width marks, line
 * ends, unassigned ones, and letters without a glyph. What holds an emoji together is not hidden.
 */
export const hiddenCharacters = new RegExp(
  [strayJoiner, straySelector, invisible].map(({ source }) => source).join('|'),
  'gu',
);

/** Replaces each hidden character by its code (`\u{202e}`); all others stay, in every script. */
export const withCodes = (text: string): string => text.replaceAll(hiddenCharacters, codeOf);

/** The same for a text of several lines, which keeps its line ends. */
export const linesWithCodes = (text: string): string => text.split('\n').map(withCodes).join('\n');

/** As `withCodes`; more than two marks on one letter, which would cover other lines, are cut. */
export const visible = (text: string): string =>
  withCodes(text).replaceAll(/(\p{M}{2})\p{M}+/gu, '$1…');

/** Shortens a text between two characters, never inside one. */
export const capped = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${head}…`;
};

/**
 * Makes text of an attacker safe to show: short, on one line, with the code of each character that
 * cannot be seen. Text in any language stays as it was written.
 */
export const printable = (text: string, limit = 200): string =>
  capped(visible(text.slice(0, limit * 4)), limit);

/** The same in printable ASCII, for the subject of a mail. */
export const printableAscii = (text: string, limit = 200): string =>
  capped(text.replaceAll(/[^\x20-\x7e]/gu, codeOf), limit);
