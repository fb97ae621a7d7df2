// A browser whose clock is off, as that of a phone may be.
import type { BrowserContext, Page } from 'playwright-core';

const minute = 60_000;

/** Every page of the context thinks that it is so many minutes later. */
export const turnClock = (context: BrowserContext, minutes: number): Promise<unknown> =>
  context.addInitScript((ahead) => {
    Object.assign(globalThis, { aheadMs: ahead });
    const RightDate = Date;
    const now = (): number => RightDate.now() + Number(Reflect.get(globalThis, 'aheadMs'));
    globalThis.Date = new Proxy(RightDate, {
      construct: (target, given) => Reflect.construct(target, given.length > 0 ? given : [now()]),
      get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
    });
  }, minutes * minute);

/** Somebody sets the clock right while the page is open. */
export const setClockRight = (page: Page): Promise<unknown> =>
  page.evaluate(() => void Object.assign(globalThis, { aheadMs: 0 }));

export const minutesAhead = async (page: Page): Promise<number> => {
  const ms = Number(await page.evaluate('Date.now()')) - Date.now();
  return Math.round(ms / minute) + 0; // and not minus nothing
};
