import { withCodes } from '../shared/printable.ts';
import type { Mask } from '../shared/redact.ts';

/**
 * Makes text that others wrote fit to be shown: one line, capped, without secrets, without links,
 * nothing hidden in it.
 */
export type Show = (text: string, limit?: number) => string;

/**
 * Control, formatting and direction characters, and a third mark on one letter, show as their code.
 */
const coded = (text: string): string => withCodes(text).replaceAll(/(\p{M}{2})\p{M}+/gu, '$1…');

/**
 * `http://` and `www.` become what no mail reader turns into a link, whatever stands before them.
 */
const defanged = (text: string): string =>
  text
    .replaceAll(
      /htt(ps?:\/\/[^\s"'<>]*)/gi,
      (_link, address: string) => `hxx${address.replaceAll('.', '[.]')}`,
    )
    .replaceAll(/www\./gi, 'www[.]')
    .replaceAll(/(javascript|vbscript|mailto|ftp|\bdata|\bfile):/gi, '$1[:]');

/** Cuts between characters, never inside one. */
const capped = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${head}…`;
};

/** A timeline says the same names thousands of times. */
const remembered = 20_000;

export const showWith = (mask: Mask): Show => {
  const known = new Map<string, string>();
  return (text, limit = 200) => {
    const head = text.slice(0, limit * 4 + 2_000);
    const key = `${limit} ${head}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const shown = capped(coded(defanged(mask(head))), limit);
    if (known.size < remembered) known.set(key, shown);
    return shown;
  };
};

/** `1 call`, `2 calls`, `1,234 calls`. */
export const count = (many: number, singular: string, plural = `${singular}s`): string =>
  `${many.toLocaleString('en-US')} ${many === 1 ? singular : plural}`;

/** `a`, `a and b`, `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
