import { expect, it } from 'vitest';
import { functions } from '../../../responders/functions.ts';
import { trust } from '../../../responders/trust.ts';

it('says of every function what it believes, and of no other', () => {
  expect(Object.keys(trust).sort()).toEqual(functions.map(({ name }) => name).sort());
});

it('gives a reason for each belief', () => {
  const beliefs = Object.values(trust).flatMap(({ believes }) => believes);

  expect(beliefs.length).toBeGreaterThanOrEqual(functions.length);
  expect(beliefs.filter(({ because }) => because.split(' ').length < 5)).toEqual([]);
});
