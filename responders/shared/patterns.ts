/** The source of one pattern that is written as several lines, one part after the other. */
export const sequence = (parts: readonly RegExp[]): string =>
  parts.map(({ source }) => source).join('');

/** The source of a pattern that matches any of the parts; to be put into a group. */
export const anyOf = (parts: readonly RegExp[]): string =>
  parts.map(({ source }) => source).join('|');

/** Whether a text is what a pattern says, in which `*` stands for any text. */
export const isLike = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`, 's').test(text);
