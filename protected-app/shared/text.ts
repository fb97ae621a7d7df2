/** How a text is compared: without case, accents and width. */
export const folded = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** A sort key has 1 to 1,024 bytes, and no half of a character. */
export const sortKey = (text: string): string => folded(text).slice(0, 200).toWellFormed() || '-';
