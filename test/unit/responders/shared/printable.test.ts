import { expect, it } from 'vitest';
import { linesWithCodes, printable, withCodes } from '../../../../responders/shared/printable.ts';

const turned = 'a\u202eb\u001b[31m\u2028c\nd é';

it('what a reader cannot see shows as its code', () => {
  expect(withCodes(turned)).toBe('a\\u{202e}b\\u{1b}[31m\\u{2028}c\\u{a}d é');
});

it('the line ends of a text of several lines stay', () => {
  expect(linesWithCodes(turned)).toBe('a\\u{202e}b\\u{1b}[31m\\u{2028}c\nd é');
});

it('a line is printable ASCII of bounded length', () => {
  expect(printable(turned)).toBe('a\\u{202e}b\\u{1b}[31m\\u{2028}c\\u{a}d \\u{e9}');
  expect(printable('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`);
  expect(printable('abcdef', 4)).toBe('abc…');
});
