import { expect, it } from 'vitest';
import { changedSince } from '../../../../responders/check/changed-since.ts';

const deployedAt = Date.parse('2026-11-30T08:00:00Z');
const times = new Map([['orders', deployedAt]]);

it.each([
  ['before its deployment was done', -60_000],
  ['at the same time', 0],
  ['a little later, because two clocks differ', 5_000],
])('a change %s is the deployment’s own', (_when, later) => {
  expect(changedSince('orders', deployedAt + later, times)).toEqual([]);
});

it('a later change is somebody else’s, and both times are told', () => {
  expect(changedSince('orders', deployedAt + 5_001, times)).toEqual([
    'was changed at 2026-11-30T08:00:05.001Z, after it was deployed at 2026-11-30T08:00:00.000Z',
  ]);
});

it('what the stack does not have any more is told', () => {
  expect(changedSince('payments', deployedAt, times)).toEqual([
    'is no resource of the stack any more',
  ]);
});

it('a time that cannot be read counts as a change', () => {
  expect(changedSince('orders', Number.NaN, times)).toEqual(['does not say when it was changed']);
});
