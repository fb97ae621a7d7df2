import { describe, expect, it } from 'vitest';
import {
  linesWithCodes,
  printable,
  printableAscii,
  withCodes,
} from '../../../../responders/shared/printable.ts';
import fc from '../../../support/property.ts';

const turned = 'a\u202eb\u001b[31m\u2028c\nd é';

it('what a reader cannot see shows as its code', () => {
  expect(withCodes(turned)).toBe('a\\u{202e}b\\u{1b}[31m\\u{2028}c\\u{a}d é');
});

it('the line ends of a text of several lines stay', () => {
  expect(linesWithCodes(turned)).toBe('a\\u{202e}b\\u{1b}[31m\\u{2028}c\nd é');
});

it('a line is of bounded length and shows hidden characters as codes', () => {
  expect(printable(turned)).toBe('a\\u{202e}b\\u{1b}[31m\\u{2028}c\\u{a}d é');
  expect(printable('x'.repeat(300))).toBe(`${'x'.repeat(199)}…`);
  expect(printable('abcdef', 4)).toBe('abc…');
});

it('the subject of a mail is printable ASCII', () => {
  expect(printableAscii('Müller\u202e')).toBe('M\\u{fc}ller\\u{202e}');
});

describe('text in any language', () => {
  it.each([
    'Müller & Söhne, Zürich',
    '日本語の関数',
    'Ελληνικά, русский, עברית, العربية',
    'हिन्दी, தமிழ், ไทย',
    'naïve café, Ångström, e\u0301',
    '🔥 👍🏽 👩🏽‍💻 ❤️ 🏳️‍🌈 1️⃣ 🇩🇪',
  ])('stays as it was written: %s', (text) => {
    expect(printable(text)).toBe(text);
  });

  it('of the letters that Unicode has assigned stays as it is', () => {
    const visible = /^[\p{L}\p{N}\p{P}\p{S} ]$/u;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const letters = Array.from(text).filter(
          (letter) => visible.test(letter) && !/\p{Default_Ignorable_Code_Point}/u.test(letter),
        );
        expect(printable(letters.join(''), 1_000)).toBe(letters.join(''));
      }),
    );
  });
});

describe('what could harm', () => {
  it.each([
    ['a control', '\u0007'],
    ['an escape of the terminal', '\u001b'],
    ['a control of the second half', '\u009b'],
    ['a turned text', '\u202e'],
    ['an isolate', '\u2066'],
    ['a mark of direction', '\u200f'],
    ['a space without width', '\u200b'],
    ['a joiner between letters', '\u200d'],
    ['a soft hyphen', '\u00ad'],
    ['a selector without an emoji', '\ufe0f'],
    ['a filler without a glyph', '\u3164'],
    ['a tag', '\u{e0041}'],
    ['an unassigned character', '\u{378}'],
    ['a private character', '\ue000'],
    ['half of a pair', '\ud800'],
    ['a line separator', '\u2028'],
    ['a byte order mark', '\ufeff'],
  ])('shows as its code: %s', (_name, char) => {
    const code = `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`;
    expect(printable(`a${char}b`)).toBe(`a${code}b`);
  });

  it('never comes through, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const shown = printable(text, 4_000);
        expect(shown.replaceAll(/\u200d|\ufe0f/g, '')).not.toMatch(
          /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
        );
        expect(shown).not.toMatch(/(?<!\p{Extended_Pictographic}[\ufe0f\p{EMod}]*)\u200d/u);
      }),
    );
  });

  it('marks that pile up on one letter are cut', () => {
    expect(printable(`a${'\u0301'.repeat(50)}b`)).toBe('a\u0301\u0301…b');
  });
});
