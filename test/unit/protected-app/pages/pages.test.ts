import { describe, expect, it } from 'vitest';
import { rowsOnScreen } from '../../../../pages-kit/src/rows-on-screen.ts';
import { pathAfter } from '../../../../pages-kit/src/session/path-after.ts';
import { personOf, sessionIn, usableUntil } from '../../../../pages-kit/src/session/person.ts';
import { setUpSite } from '../../../../pages-kit/src/site.ts';
import {
  amountIn,
  amountText,
  priceText,
} from '../../../../protected-app/pages/src/parts/money.ts';
import fc from '../../../support/property.ts';

describe('rowsOnScreen', () => {
  it('draws a bounded number of rows, and all that are on the screen', () => {
    const sizes = { count: fc.nat(10_000), top: fc.integer({ min: -600_000, max: 900 }) };
    fc.assert(
      fc.property(fc.record(sizes), ({ count, top }) => {
        const [height, screen] = [48, 900];
        const { first, last } = rowsOnScreen({ count, height, top, screen });

        expect(last - first).toBeLessThanOrEqual(48);
        const onScreen = Array.from({ length: count }, (_row, index) => index).filter(
          (index) => top + index * height < screen && top + (index + 1) * height > 0,
        );
        for (const index of [onScreen[0], onScreen.at(-1)])
          if (index !== undefined) expect(index >= first && index < last).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('amounts', () => {
  it.each([
    ['19.90', 'EUR', 1990],
    ['19,9', 'EUR', 1990],
    ['7', 'EUR', 700],
    ['1200', 'JPY', 1200],
    ['1.234', 'KWD', 1234],
  ])('%s %s is %i in the smallest unit', (typed, currency, amount) => {
    expect(amountIn(typed, currency)).toBe(amount);
  });

  it.each([
    ['19.905', 'EUR'],
    ['1200.5', 'JPY'],
    ['-1', 'EUR'],
    ['1e3', 'EUR'],
    ['', 'EUR'],
    ['1 000', 'EUR'],
  ])('%j %s is no amount', (typed, currency) => {
    expect(amountIn(typed, currency)).toBeUndefined();
  });

  it('what is shown to edit is read as the same amount', () => {
    const currencies = fc.constantFrom('EUR', 'JPY', 'KWD', 'USD');
    fc.assert(
      fc.property(fc.nat(100_000_000), currencies, (amount, currency) => {
        expect(amountIn(amountText(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it('a price has its currency and its digits', () => {
    expect(priceText({ amount: 1990, currency: 'EUR' })).toBe('€19.90');
    expect(priceText({ amount: 1990, currency: 'JPY' })).toBe('¥1,990');
  });
});

describe('a session', () => {
  setUpSite({ name: 'x', storageKey: 'x', home: '/products', signsInBy: 'User name' });

  it('counts the life of a token from when it came, whatever the clock of its maker said', () => {
    const hourAhead = { iat: 1_000_000, exp: 1_000_900 };
    expect(usableUntil(hourAhead, 5_000)).toBe(5_000 + 840_000);
    expect(usableUntil({}, 5_000)).toBe(5_000);
  });

  it('takes groups from the access token only', () => {
    const access = { sub: 'x', username: 'ada', 'cognito:groups': ['standard-users'] };
    const identity = { email: 'ada@example.com', 'cognito:groups': ['administrators'] };
    expect(personOf(access, identity)).toEqual({
      ...{ id: 'x', email: 'ada@example.com', name: 'ada', groups: ['standard-users'] },
    });
  });

  it.each([
    '',
    'null',
    '{}',
    '[]',
    '{"person":{}}',
    'x',
    '{"person":{"id":1},"token":{"text":""}}',
  ])('%j is none', (text) => {
    expect(sessionIn(text)).toBeNull();
  });

  it.each([
    ['/customers?q=a', '/customers?q=a'],
    ['//evil.example', '/products'],
    ['/\\evil.example', '/products'],
    ['https://evil.example', '/products'],
    ['javascript:alert(1)', '/products'],
    ['/sign-in?to=/x', '/products'],
    [undefined, '/products'],
  ])('after a sign-in, %j leads to %j', (given, path) => {
    expect(pathAfter(given)).toBe(path);
  });
});
