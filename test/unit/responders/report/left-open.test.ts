import { expect, it } from 'vitest';
import { catalog } from '../../../../responders/contain/catalogue.ts';
import { leftOpen } from '../../../../responders/report/left-open.ts';

const orders = {
  kind: 'function',
  functionName: 'orders',
  roleName: 'orders-role',
  sharing: 'sole',
} as const;
const denied = [{ responder: 'contain.quarantine-role', outcome: 'contained' }] as const;

const named = (actions: Parameters<typeof leftOpen>[1], gone: boolean): boolean =>
  leftOpen(catalog, actions, [{ ...orders, ...(gone && { gone }) }]).some(
    ({ what }) => what.includes('The function orders') && what.includes('furtherRegions'),
  );

it('a function that no region has may still start in one that is not configured', () => {
  expect(named(denied, true)).toBe(true);
  expect(named(denied, false)).toBe(false);
});

it('says nothing of it where nothing is contained', () => {
  expect(named([], true)).toBe(false);
});

it('names what is left of a second suspect as well', () => {
  const bills = { ...orders, functionName: 'bills', gone: true } as const;
  const whats = leftOpen(catalog, denied, [orders, bills]).map(({ what }) => what);
  expect(whats.filter((what) => what.includes('furtherRegions'))).toEqual([
    expect.stringContaining('The function bills'),
  ]);
});
