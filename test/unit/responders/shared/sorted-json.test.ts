import { expect, it } from 'vitest';
import { sortedJson } from '../../../../responders/shared/sorted-json.ts';

it('writes equal values as equal texts, however their members are ordered', () => {
  const left = { b: [{ y: 1, x: null }], a: 'text' };
  const right = { a: 'text', b: [{ x: null, y: 1 }] };

  expect(sortedJson(left)).toBe(sortedJson(right));
  expect(sortedJson(left)).toBe('{"a":"text","b":[{"x":null,"y":1}]}');
});

it('keeps the order of lists, which means something', () => {
  expect(sortedJson([1, 2])).not.toBe(sortedJson([2, 1]));
});
