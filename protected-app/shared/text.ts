/** Makes texts comparable without case, accents and width. */
export const foldText = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** A sort key has 1 to 1,024 bytes, and no unpaired surrogate. */
export const sortKey = (text: string): string => foldText(text).slice(0, 200).toWellFormed() || '-';
