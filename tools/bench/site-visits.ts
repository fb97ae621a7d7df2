// Visits of a built site with answers that are written down, for what the bench measures of pages.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { SiteScript } from '../../pages-kit/states.ts';
import { builtSite } from '../pages/build.ts';
import { sites } from '../pages/sites.ts';
import { sessionOf } from '../shots/look.ts';
import { type SiteServer, serveSite } from '../shots/serve.ts';

/** A slow mobile connection: what Lighthouse calls Slow 4G. */
const slowly = {
  offline: false,
  latency: 150,
  downloadThroughput: 204_800,
  uploadThroughput: 93_750,
};

/** Counts in the page from its first moment on. */
const watcher = `
  globalThis.seen = { largest: 0, longest: 0 };
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) seen.largest = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
  }).observe({ type: 'longtask', buffered: true });`;

export interface VisitedSite {
  readonly url: string;
  readonly shown: string;
  readonly prepare: (context: BrowserContext) => Promise<unknown>;
}

/** A browser that has kept nothing, at the width of a narrow phone. */
export const withPage = async <T>(
  browser: Browser,
  site: VisitedSite,
  work: (page: Page) => Promise<T>,
): Promise<T> => {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  try {
    await site.prepare(context);
    await context.addInitScript(watcher);
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
};

export interface SlowVisit {
  /** From the beginning of the navigation, in milliseconds. */
  readonly largestMs: number;
  readonly shownMs: number;
}

/** Opens the page by a slow connection. */
export const slowVisit = (browser: Browser, site: VisitedSite): Promise<SlowVisit> =>
  withPage(browser, site, async (page) => {
    const protocol = await page.context().newCDPSession(page);
    await protocol.send('Network.enable');
    await protocol.send('Network.emulateNetworkConditions', slowly);
    await page.goto(site.url, { waitUntil: 'commit' });
    await page.locator(`[data-shown="${site.shown}"]`).first().waitFor();
    const shownMs = Number(await page.evaluate('performance.now()'));
    await page.waitForLoadState('networkidle');
    return { largestMs: Number(await page.evaluate('seen.largest')), shownMs };
  });

export interface SitePage {
  readonly script: SiteScript;
  readonly as: string;
  readonly path: string;
  readonly shown: string;
}

export interface BuildPlace {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Serves the built site of a page; the person is signed in. */
export const serveSitePage = async (
  { script, as, path, shown }: SitePage,
  answers: ReadonlyMap<string, unknown>,
  place: BuildPlace,
): Promise<{ readonly server: SiteServer; readonly site: VisitedSite }> => {
  const site = sites.find(({ name }) => name === script.site);
  if (site === undefined) throw new Error(`there is no site ${script.site}`);
  const server = await serveSite(await builtSite(site, place), site.name, answers);
  const session = [script.storageKey, sessionOf(script.personNamed(as))];
  return {
    server,
    site: {
      ...{ url: `${server.url}${path}`, shown },
      prepare: (context) =>
        context.addInitScript(
          ([key = '', kept = '']) => sessionStorage.setItem(key, kept),
          session,
        ),
    },
  };
};
