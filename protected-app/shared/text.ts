/** How a text is compared and sorted: without case, accents and width. Bounded, because a sort key has at most 1,024 bytes. */
export const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().slice(0, 200);
