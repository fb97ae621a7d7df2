// The incident console on an engine of its own, as people reach it with their browsers.
import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { LocalConsoleUser } from '../../../local/console/users.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { LocalSiteServer } from '../../../local/site.ts';
import { type Desk, deskOf } from '../../engine/intruder/case.ts';
import { startConsolePages } from '../../support/console/pages.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';
import { nextCode } from '../sessions.ts';

const executablePath = '/usr/bin/chromium';

export interface ConsoleWorld {
  readonly cordon: OwnDeployed;
  readonly desk: Desk;
  readonly pages: LocalSiteServer;
  readonly browser: Browser;
  readonly stop: () => Promise<void>;
}

/** Starts all of it; what has started is stopped again when something fails. */
export const startConsoleWorld = async (): Promise<ConsoleWorld> => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const stopPart of stops.toReversed()) await stopPart();
  };
  try {
    const cordon = await deployed();
    stops.push(() => cordon.engine.stop());
    const desk = await deskOf(cordon);
    const { engine, outputs } = cordon;
    const connection = { ...engine, account: ACCOUNT, region: REGION, outputs };
    const pages = await startConsolePages(connection, 0);
    stops.push(() => pages.stop());
    const args = ['--no-sandbox'];
    const browser = await chromium.launch({ executablePath, args, timeout: 120_000 });
    stops.push(() => browser.close());
    return { cordon, desk, pages, browser, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

export const shown = (page: Page, mark: string) => page.locator(`[data-shown="${mark}"]`).first();

export const violations = async (page: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);

export interface Phone {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Whatever the browser does not like. */
  readonly complaints: readonly string[];
}

/** Somebody with a phone, and no page open yet. */
export const phoneOf = async ({ browser }: Pick<ConsoleWorld, 'browser'>): Promise<Phone> => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => void complaints.push(message));
  return { page, complaints, context };
};

/** Signs in on the page that asks for it; gives the code that was used up. */
export const signIn = async (page: Page, user: LocalConsoleUser, last = ''): Promise<string> => {
  await page.getByLabel('User name').fill(user.name);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'sign-in-code').waitFor();
  const code = await nextCode(user, last);
  await page.getByLabel('Code of the app').fill(code);
  await page.getByRole('button', { name: 'Confirm' }).click();
  return code;
};
