// `npm run shots`: a picture of every page in every state, at two widths and in both schemes, in
// `.cordon/shots/<site>/`. `npm run shots -- products` takes those whose name has that word in it,
// `npm run shots -- console/` those of one site.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { script as incidents } from '../../console/pages/states.ts';
import { script as kit } from '../../pages-kit/show/states.ts';
import type { PageState, SiteScript } from '../../pages-kit/states.ts';
import { script as shop } from '../../protected-app/pages/states.ts';
import { builtSite } from '../pages/build.ts';
import { siteNamed } from '../pages/sites.ts';
import { openState } from './look.ts';
import { serveSite } from './serve.ts';

const root = join(import.meta.dirname, '../..');
const shots = join(root, '.cordon/shots');
const widths = [390, 1_440];
const schemes = ['light', 'dark'] as const;

/** Makes the screen as high as the page, so that all of it is in the picture. */
const fitHeight = async (page: Page, width: number): Promise<void> => {
  const isCovered = (await page.locator('[role="dialog"]').count()) > 0;
  if (isCovered) return; // A dialog covers one screen.
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
  await page.setViewportSize({ width, height });
};

const picture = async (
  browser: Browser,
  { url, folder }: { readonly url: string; readonly folder: string },
  state: PageState,
  script: SiteScript,
): Promise<void> => {
  for (const width of widths) {
    const viewport = { width, height: width === 390 ? 844 : 900 };
    const context = await browser.newContext({
      ...{ viewport, hasTouch: width === 390, isMobile: width === 390 },
      reducedMotion: 'reduce',
    });
    const page = await openState(context, url, state, script);
    await fitHeight(page, width);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.waitForTimeout(250);
      const path = join(folder, `${state.shown}-${width}-${colorScheme}.png`);
      await page.screenshot({ path });
    }
    await context.close();
  }
};

const pictures = async (browser: Browser, script: SiteScript, word: string): Promise<void> => {
  const wanted = script.states.filter(({ shown }) => `${script.site}/${shown}`.includes(word));
  if (wanted.length === 0) return;
  const site = siteNamed(script.site);
  const folder = join(shots, script.site);
  mkdirSync(folder, { recursive: true });
  const server = await serveSite(await builtSite(site, { root, env: process.env }), site.name);
  try {
    for (const state of wanted) {
      await picture(browser, { url: server.url, folder }, state, script);
      console.log(`${script.site}/${state.shown}`);
    }
  } finally {
    await server.stop();
  }
};

const browser = await chromium.launch({
  ...{ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
});
try {
  for (const script of [shop, incidents, kit])
    await pictures(browser, script, process.argv[2] ?? '');
} finally {
  await browser.close();
}
console.log(`pictures are in ${shots}`);
