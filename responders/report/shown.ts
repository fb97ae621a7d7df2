import { capped, visible } from '../shared/printable.ts';
import type { Mask } from '../shared/redact.ts';

/**
 * Makes text that others wrote fit to be shown: one line, capped, without secrets, without links,
 * nothing hidden in it.
 */
export type Show = (text: string, limit?: number) => string;

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

/** A timeline says the same names thousands of times. */
const remembered = 20_000;

export const showWith = (mask: Mask): Show => {
  const known = new Map<string, string>();
  return (text, limit = 200) => {
    const head = text.slice(0, limit * 4 + 2_000);
    const key = `${limit} ${head}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const shown = capped(visible(defanged(mask(head))), limit);
    if (known.size < remembered) known.set(key, shown);
    return shown;
  };
};

/** `a`, `a and b`, `a, b and c`. */
export const list = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
