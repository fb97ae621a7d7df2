import * as z from 'zod';

/**
 * Blanks, then a character that is neither blank nor NUL, then anything but NUL: the gateway
 * refuses a NUL in a query. Both sets of white space: JavaScript's `\s` has U+FEFF and lacks
 * U+0085; other engines that read the published pattern have it the other way round.
 */
const blank = '\\s\\u0085\\ufeff';
const nul = '\\u0000';
const notBlank = new RegExp(`^[${blank}]*[^${blank}${nul}][^${nul}]*$`, 'u');

/** JSON Schema counts code points; JavaScript counts an emoji as two. */
const lengthOf = (text: string): number => Array.from(text).length;

/** A text of at most `most` characters, counted as the published schema counts them. */
export const limitedText = (maxLength: number) =>
  z
    .string()
    .refine((text) => lengthOf(text) <= maxLength, `at most ${maxLength} characters`)
    .meta({ maxLength: maxLength });

/** Text that a person typed: blanks around it do not count, but there must be something else. */
export const typedText = (maxLength: number) =>
  limitedText(maxLength)
    .min(1)
    .regex(notBlank, 'text that is not blank and has no NUL')
    // Unpaired surrogates: JSON can carry them in an escape, UTF-8 and DynamoDB cannot.
    .refine((text) => text.isWellFormed(), 'text of whole characters (no unpaired surrogates)')
    .trim();

type Range = readonly [first: number, last: number];

/** Control characters that are neither a tab nor the end of a line. */
const controls: readonly Range[] = [
  [0x00, 0x08],
  [0x0b, 0x0c],
  [0x0e, 0x1f],
  [0x7f, 0x9f],
];

/** Control and format characters, which a reader cannot see. */
const invisible: readonly Range[] = [
  ...controls,
  [0x09, 0x0d],
  [0xad, 0xad],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x180e, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfeff, 0xfeff],
  [0xfff0, 0xfffb],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe00ff],
];

/** Beyond U+FFFF each engine spells an escape its own way, so the character itself is written. */
const spelled = (point: number): string =>
  point > 0xffff ? String.fromCodePoint(point) : `\\u${point.toString(16).padStart(4, '0')}`;

const classOf = (ranges: readonly Range[]): string =>
  ranges.map(([first, last]) => `${spelled(first)}-${spelled(last)}`).join('');

/**
 * Ranges and not `\P{C}`: engines differ in what belongs to that class, and a code point that is
 * unassigned this year is an emoji next year.
 */
const hidden = classOf(invisible);

/** One line that begins and ends with something visible. */
export const visibleLine = new RegExp(`^[^\\s${hidden}](?:[^${hidden}]*[^\\s${hidden}])?$`, 'u');

/** Several lines. */
export const visibleLines = new RegExp(`^[^${classOf(controls)}]*$`, 'u');
