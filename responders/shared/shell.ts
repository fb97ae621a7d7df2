import { printable } from './printable.ts';

/** One word for a POSIX shell, whatever the attacker called it. */
export const quoted = (text: string): string =>
  `'${printable(text, 300).replaceAll("'", `'\\''`)}'`;
