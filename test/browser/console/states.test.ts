// Every page of the console in every state: the rules of accessibility, both widths, both schemes.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../../console/pages/states.ts';
import { builtSite } from '../../../tools/pages/build.ts';
import { sites } from '../../../tools/pages/sites.ts';
import { openState } from '../../../tools/shots/look.ts';
import { type SiteServer, serveSite } from '../../../tools/shots/serve.ts';

const executablePath = '/usr/bin/chromium';
const root = join(import.meta.dirname, '../../..');

let browser: Browser;
let server: SiteServer;
beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  const site = sites.find(({ name }) => name === script.site);
  if (site === undefined) throw new Error(`there is no site ${script.site}`);
  server = await serveSite(await builtSite(site, { root, env: process.env }), site.name);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const looks = [
  [390, 'light'],
  [1_440, 'light'],
  [1_440, 'dark'],
  [390, 'dark'],
] as const;

/** What is wrong with the page as it looks now. */
const faults = async (page: Page, width: number): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const scrolls = await page.evaluate('document.documentElement.scrollWidth');
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    ...(scrolls === width ? [] : [`scrolls sideways: ${scrolls} px`]),
    ...((await page.locator('h1').count()) === 1 ? [] : ['has not one heading of the first level']),
  ];
};

it.each(pageStates.map((state) => [state.shown, state] as const))(
  '%s has no accessibility violation and does not scroll sideways, in all its looks',
  async (_shown, state) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 },
      reducedMotion: 'reduce',
    });
    const complaints: string[] = [];
    context.on('console', (message) => {
      if (/policy|trusted/i.test(message.text())) complaints.push(message.text());
    });
    context.on('dialog', (dialog) => void complaints.push(dialog.message()));
    const page = await openState(context, server.url, state, script);
    for (const [width, colorScheme] of looks) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect([width, colorScheme, await faults(page, width)]).toEqual([width, colorScheme, []]);
    }
    expect(complaints).toEqual([]);
    await context.close();
  },
);

it('what is loaded before the first page is there has at most 90 kB of scripts', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const sizes = new Map<string, number>();
  page.on('response', async (response) => {
    if (response.url().endsWith('.js'))
      sizes.set(response.url(), gzipSync(await response.body()).length);
  });
  await page.goto(`${server.url}/q/inc-20261121-7f3k2m8q`);
  await page.locator('[data-shown="sign-in"]').waitFor();
  await page.waitForLoadState('networkidle');

  expect(sizes.size).toBeGreaterThan(0);
  expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(90_000);
  await context.close();
});
