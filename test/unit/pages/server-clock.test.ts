// The clock of a browser may be off; what pages count down runs by the clock of the server.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import './packages.ts';

import { hearServerTime, serverNow } from '../../../pages-kit/src/api/server-clock.ts';

const here = Date.UTC(2026, 10, 21, 3, 41, 7, 250);
const minutes = 60_000;
const answerOf = (at: number, headers: Readonly<Record<string, string>> = {}) => ({
  headers: new Headers({ date: new Date(at).toUTCString(), ...headers }),
});
/** How far the pages think that the server is ahead, in whole minutes. */
const aheadNow = (): number => Math.round((serverNow() - Date.now()) / minutes);

beforeEach(() => {
  vi.spyOn(Date, 'now').mockReturnValue(here);
  hearServerTime(answerOf(here));
});
afterEach(() => void vi.restoreAllMocks());

describe('the time of the server', () => {
  it.each([-600, -10, 10, 600])('is known where this clock is %i minutes behind', (behind) => {
    hearServerTime(answerOf(here + behind * minutes));
    expect(aheadNow()).toBe(behind);
  });

  it('is the time of the browser while the two hardly differ, so that nothing jumps', () => {
    for (const ms of [-2_200, -400, 0, 900, 2_900]) {
      hearServerTime(answerOf(here + ms));
      expect(serverNow()).toBe(here);
    }
  });

  it('stays as it was while answers differ by what their way takes', () => {
    hearServerTime(answerOf(here + 10 * minutes));
    const known = serverNow();
    hearServerTime(answerOf(here + 10 * minutes - 2_000));
    expect(serverNow()).toBe(known);
  });

  it('is right again as soon as somebody sets the clock of the browser right', () => {
    hearServerTime(answerOf(here + 10 * minutes));
    hearServerTime(answerOf(here));
    expect(serverNow()).toBe(here);
  });

  it('counts the age of an answer that comes from a cache', () => {
    hearServerTime(answerOf(here - 30 * minutes, { age: '1800' }));
    expect(aheadNow()).toBe(0);
  });

  it.each<[string, Record<string, string>]>([
    ['no date', {}],
    ['what is no date', { date: 'yesterday' }],
    ['nothing', { date: '' }],
  ])('does not change with an answer that names %s', (_what, headers) => {
    hearServerTime(answerOf(here + 10 * minutes));
    hearServerTime({ headers: new Headers(headers) });
    expect(aheadNow()).toBe(10);
  });

  it('takes no age that is none', () => {
    hearServerTime(answerOf(here, { age: '-1800, 1e9' }));
    expect(aheadNow()).toBe(0);
  });
});
