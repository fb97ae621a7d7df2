import { expect, it } from 'vitest';
import { changesIn, lineDiff } from '../../../../console/pages/src/report/line-diff.ts';
import {
  isShown,
  versionBefore,
  versionText,
} from '../../../../console/pages/src/report/versions.ts';
import fc from '../../../support/property.ts';

const texts = fc
  .array(fc.constantFrom('', 'a', 'b', 'c', 'two words'), { maxLength: 30 })
  .map((lines) => lines.join('\n'));
const without = (kind: 'gone' | 'new', before: string, after: string): string =>
  lineDiff(before, after)
    .filter((line) => line.kind !== kind)
    .map(({ text }) => text)
    .join('\n');

it('has every line of both texts, in their order', () => {
  fc.assert(
    fc.property(texts, texts, (before, after) => {
      expect(without('new', before, after)).toBe(before);
      expect(without('gone', before, after)).toBe(after);
    }),
  );
});

it('calls only those lines changed that are', () => {
  expect(lineDiff('a\nb\nc\nd', 'a\nc\nx\nd').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    ...['same a', 'gone b', 'same c', 'new x', 'same d'],
  ]);
});

it('shows two texts as a whole that would take too long to compare', () => {
  const many = (word: string) => Array.from({ length: 3_000 }, (_, at) => `${word}${at}`);
  const kinds = lineDiff(['x', ...many('a')].join('\n'), ['x', ...many('b')].join('\n')).map(
    ({ kind }) => kind,
  );
  expect(kinds.length).toBe(6_001);
  expect(new Set(kinds.slice(1, 3_001))).toEqual(new Set(['gone']));
});

it('leaves out equal lines that are far from a change, and says how many', () => {
  const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`);
  const now = lines.with(10, 'changed').with(30, 'changed too');
  const parts = changesIn(lineDiff(lines.join('\n'), now.join('\n')));

  expect(parts.map(({ skipped, lines: shown }) => [skipped, shown.length])).toEqual([
    [7, 8],
    [13, 8],
  ]);
  expect(changesIn(lineDiff('a\nb', 'a\nb'))).toEqual([]);
});

it('a version is compared with the one before it, also over rounds', () => {
  const [first, second] = [
    { round: 1, version: 1 },
    { round: 1, version: 2 },
  ];
  const third = { round: 2, version: 1 };
  const oneRound = { versions: [first, second], shown: second };
  const twice = { versions: [first, second, third], shown: third };

  expect(versionBefore(twice, third)).toBe(second);
  expect(versionBefore(twice, first)).toBeUndefined();
  expect([isShown(twice, third), isShown(twice, first)]).toEqual([true, false]);
  expect([versionText(oneRound, second), versionText(twice, third)]).toEqual([
    ...['Version 2', 'Round 2, version 1'],
  ]);
});
