import { expect, it } from 'vitest';
import { idempotencyKey, ifMatch } from '../../../../protected-app/schemas/headers.ts';
import {
  limitedText,
  typedText,
  visibleLine,
  visibleLines,
} from '../../../../protected-app/schemas/text.ts';

it('a length is counted in characters, as JSON Schema counts it', () => {
  expect(limitedText(3).safeParse('😀😀😀').success).toBe(true);
  expect(limitedText(3).safeParse('😀😀😀😀').success).toBe(false);
});

it.each([' ', '\u0085', '\ufeff', '\u00a0', '\u2003', '', '\t\n', '\ud83d'])(
  'the typed text %j is refused',
  (text) => {
    expect(typedText(10).safeParse(text).success).toBe(false);
  },
);

it('blanks around a typed text do not count, but its length does', () => {
  expect(typedText(10).parse('  a b ')).toBe('a b');
  expect(typedText(3).safeParse('a   ').success).toBe(false);
});

it.each(['a', 'O’Brien', 'ﬁt', '😀', '漢字', 'a b', '\ue000'])('%j is a line', (text) => {
  expect(visibleLine.test(text)).toBe(true);
});

it.each([' a', 'a ', '', 'a\nb', 'a\tb', '\u202ea', 'a\u200bb', 'a\u0000', '\u{e0041}', 'a\ufeff'])(
  '%j is no line',
  (text) => {
    expect(visibleLine.test(text)).toBe(false);
  },
);

it('several lines may have tabs and line ends, and no other control characters', () => {
  expect(visibleLines.test('a\r\n\tb\u200d')).toBe(true);
  expect(
    ['\u0000', '\u000b', '\u007f', '\u0085'].filter((text) => visibleLines.test(text)),
  ).toEqual([]);
});

it('headers have the patterns that the document states', () => {
  expect(idempotencyKey.safeParse('8e03978e-40d5-43dd').success).toBe(true);
  expect(idempotencyKey.safeParse('short').success).toBe(false);
  expect(ifMatch.safeParse('"1", W/"2"').success).toBe(true);
  expect(
    ['*', '1', '"1" "2"', `"${'a'.repeat(1_000)}"`].filter((tag) => ifMatch.safeParse(tag).success),
  ).toEqual([]);
});
