// Every page of a site in every state of its list: what the tests of both sites have in common.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { PageState, SiteScript } from '../../pages-kit/states.ts';
import { builtSite } from '../../tools/pages/build.ts';
import { siteNamed } from '../../tools/pages/sites.ts';
import { openState } from '../../tools/shots/look.ts';
import { serveSite } from '../../tools/shots/serve.ts';

const executablePath = '/usr/bin/chromium';
const root = join(import.meta.dirname, '../..');

const phone = 360;
const screen = 1_440;

/**
 * Each state is looked at in both widths and in both schemes. Which width has which scheme changes
 * from state to state, so that the parts that states share are seen in all four combinations.
 */
const looksOf = (place: number) =>
  place % 2 === 0
    ? ([[phone, 'light'] as const, [screen, 'dark'] as const] as const)
    : ([[phone, 'dark'] as const, [screen, 'light'] as const] as const);

export interface StatesWorld {
  readonly url: string;
  readonly browser: Browser;
  readonly script: SiteScript;
  readonly stop: () => Promise<void>;
}

/** The built pages of a site with nothing behind them: answers are those of its list. */
export const startStates = async (script: SiteScript): Promise<StatesWorld> => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  const site = siteNamed(script.site);
  const server = await serveSite(await builtSite(site, { root, env: process.env }), site.name);
  const args = ['--no-sandbox'];
  const browser = await chromium.launch({ executablePath, args, timeout: 120_000 });
  return {
    ...{ url: server.url, browser, script },
    stop: async () => {
      await browser.close();
      await server.stop();
    },
  };
};

/** What is wrong with the page as it looks now. */
const faultsOf = async (page: Page, width: number): Promise<readonly string[]> => {
  // Without frames of other origins, the older way finds the same and needs no second page.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const scrolls = Number(await page.evaluate('document.documentElement.scrollWidth'));
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    ...(scrolls <= width ? [] : [`scrolls sideways: ${scrolls} px`]),
    ...((await page.locator('h1').count()) === 1 ? [] : ['has not one heading of the first level']),
  ];
};

/** What a browser says of broken policies, and every dialog. */
export const complaintsIn = (context: BrowserContext): readonly string[] => {
  const complaints: string[] = [];
  context.on('console', (message) => {
    if (/policy|trusted/i.test(message.text())) complaints.push(message.text());
  });
  context.on('dialog', (dialog) => void complaints.push(dialog.message()));
  return complaints;
};

/** A browser of its own that moves nothing, at the width of a narrow phone. */
export const narrowPhone = ({ browser }: Pick<StatesWorld, 'browser'>): Promise<BrowserContext> =>
  browser.newContext({ viewport: { width: phone, height: 844 }, reducedMotion: 'reduce' });

/** What is wrong with a state: at the width of a phone and of a screen, in both schemes. */
export const faultsIn = async (
  world: StatesWorld,
  state: PageState,
): Promise<readonly string[]> => {
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const page = await openState(context, world.url, state, world.script);
  const faults: string[] = [];
  for (const [width, colorScheme] of looksOf(world.script.states.indexOf(state))) {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const seen = await faultsOf(page, width);
    faults.push(...seen.map((fault) => `${width} px, ${colorScheme}: ${fault}`));
  }
  await context.close();
  return [...faults, ...complaints];
};

/** The bytes of all scripts, packed, that a browser has loaded when a page is in a state. */
export const scriptsUntil = async (world: StatesWorld, state: PageState): Promise<number> => {
  const context = await narrowPhone(world);
  const packed: Promise<number>[] = [];
  context.on('response', (response) => {
    if (response.url().endsWith('.js'))
      packed.push(response.body().then((body) => gzipSync(body).length));
  });
  const page = await openState(context, world.url, state, world.script);
  await page.waitForLoadState('networkidle');
  const sizes = await Promise.all(packed);
  await context.close();
  return sizes.reduce((sum, size) => sum + size, 0);
};

/** A state of the list of a site. */
export const stateCalled = ({ states }: SiteScript, shown: string): PageState => {
  const state = states.find((listed) => listed.shown === shown);
  if (state === undefined) throw new Error(`no state is called ${shown}`);
  return state;
};
