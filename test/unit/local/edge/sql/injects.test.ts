import { expect, it } from 'vitest';
import { crossSiteScripting } from '../../../../../local/edge/html/scripts.ts';
import { slidingWindow } from '../../../../../local/edge/rates.ts';
import { sqlInjection } from '../../../../../local/edge/sql/injects.ts';
import fc from '../../../../support/property.ts';

const piecesOf = (pieces: readonly string[]) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((some) => some.join(''));
const sql = [
  "'",
  '"',
  '`',
  '\\',
  ' ',
  '(',
  ')',
  ',',
  ';',
  '--',
  '/*',
  '*/',
  '#',
  '=',
  '<',
  '|',
  '1',
  '0x1',
  '1e',
  '.',
  'or ',
  'union ',
  'select ',
  'from ',
  'x',
  '@',
  '\0',
  'é',
  '＇',
];
const html = [
  '<',
  '>',
  '/',
  '=',
  '"',
  "'",
  '`',
  ' ',
  'a',
  'script',
  'onload',
  'href',
  'javascript:',
  '&#',
  '&#x',
  ';',
  '{{',
  '}}',
  '${',
  '!--',
  '?',
  '\0',
  '\t',
  '\\u00',
  '😀',
];

it('has an answer for every text, whatever it is made of', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), piecesOf(sql), piecesOf(html)), (text) => {
      for (const answer of [sqlInjection(text), crossSiteScripting(text)])
        expect(['string', 'undefined']).toContain(typeof answer);
    }),
    { numRuns: 3000 },
  );
});

it('sees a union in any case and with any white space or comment between its words', () => {
  const blank = fc.constantFrom(' ', '\t', '\n', '/**/', '/* x */', '\u00a0', ' /*!50000 ', '  ');
  const cased = (word: string) =>
    fc
      .array(fc.boolean(), { minLength: word.length, maxLength: word.length })
      .map((ups) => ups.map((up, at) => (up ? (word[at] ?? '').toUpperCase() : word[at])).join(''));
  fc.assert(
    fc.property(
      fc.constantFrom('1', "'", '")', '-1'),
      blank,
      cased('union'),
      blank,
      cased('select'),
      blank,
      (start, one, union, two, select, three) => {
        expect(sqlInjection(`${start}${one}${union}${two}${select}${three}null,null--`)).toBe(
          'union',
        );
      },
    ),
  );
});

it('sees an event handler however its tag is spaced, cased and quoted', () => {
  const gap = fc.constantFrom(' ', '/', '\n', '\t', ' / ', ' a=b ', ' a="b"');
  fc.assert(
    fc.property(
      fc.constantFrom('img', 'SVG', 'x', 'body'),
      gap,
      fc.constantFrom('onload', 'OnError', 'ONMOUSEOVER'),
      fc.constantFrom('=', ' = ', '=\n'),
      fc.constantFrom('"f()"', "'f()'", 'f()', '&#102;()'),
      (tag, space, name, equals, value) => {
        const separate = space.endsWith('"') ? `${space} ` : space;
        expect(crossSiteScripting(`<${tag}${separate}${name}${equals}${value}>`)).toBe(
          'event handler',
        );
      },
    ),
  );
});

it('counts as a list of all times would', () => {
  const visits = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 40 })),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(visits, fc.integer({ min: 1, max: 7 }), (steps, limit) => {
      const over = slidingWindow({ limit, windowMs: 100 });
      const seen: [string, number][] = [];
      let now = 0;
      for (const [key, pause] of steps) {
        now += pause;
        seen.push([key, now]);
        expect(over(key, now)).toBe(
          seen.filter(([other, at]) => other === key && at > now - 100).length > limit,
        );
      }
    }),
  );
});

it('follows as many addresses as AWS WAF does, and forgets the one that has been silent longest', () => {
  const over = slidingWindow({ limit: 1, windowMs: 1000 });
  over('first', 0);
  for (let other = 0; other < 9_999; other += 1) over(`other ${other}`, 1);
  expect(over('first', 2)).toBe(true);
  for (let other = 0; other < 10_000; other += 1) over(`new ${other}`, 3);
  expect(over('first', 4)).toBe(false);
});
