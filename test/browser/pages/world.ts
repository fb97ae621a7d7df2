// The application on an engine of its own, with its pages as a browser reaches them.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type RunningApp, startApp } from '../../../local/app/start.ts';
import { totpCode } from '../../../local/app/totp.ts';
import type { AppUser, UserName } from '../../../local/app/users.ts';
import { signIn } from '../../../local/app/users.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { localPlace } from '../../../local/place.ts';
import { output, type Place } from '../../../operator/place.ts';
import { type DeployedEngine, deployEngine } from '../../support/deploy-engine.ts';

const executablePath = '/usr/bin/chromium';

export interface PagesWorld {
  readonly app: RunningApp;
  readonly engine: DeployedEngine['engine'];
  readonly place: Place;
  readonly browser: Browser;
  readonly output: (name: string) => string;
  readonly userNamed: (name: UserName) => AppUser;
  readonly tokenOf: (name: UserName) => Promise<string>;
  readonly stop: () => Promise<void>;
}

/** Starts all of it; what has started is stopped again when something fails. */
export const startPagesWorld = async (): Promise<PagesWorld> => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  const { engine, outputs } = await deployEngine({ only: 'CordonProtectedApp' });
  try {
    const { endpoint, rootKey, port, runDir } = engine;
    const connection = {
      endpoint,
      rootKey,
      port,
      runDir,
      account: ACCOUNT,
      region: REGION,
      outputs,
    };
    const app = await startApp(connection, { env: {}, now: Date.now() });
    const place = localPlace(connection);
    const browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox'],
      timeout: 120_000,
    });
    const userNamed = (name: UserName): AppUser => {
      const user = app.users.find((candidate) => candidate.name === name);
      if (!user) throw new Error(`this run has no user ${name}`);
      return user;
    };
    return {
      ...{ app, engine, place, browser, userNamed },
      output: (name) => output(place, 'CordonProtectedApp', name),
      tokenOf: (name) => signIn(place, userNamed(name)),
      stop: async () => {
        await browser.close();
        await app.stop();
        await engine.stop();
      },
    };
  } catch (error) {
    await engine.stop();
    throw error;
  }
};

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of: errors, dialogs, broken policies. */
  readonly complaints: readonly string[];
}

/** An answer of 4xx or 5xx is written to the console by the browser itself. */
const isAnswer = (text: string): boolean => text.startsWith('Failed to load resource');

/** Somebody with a browser of their own, who has opened a page. */
export const visit = async (
  { browser, app }: PagesWorld,
  path: string,
  width = 1_280,
  prepare?: (context: BrowserContext) => Promise<void>,
): Promise<Visitor> => {
  const context = await browser.newContext({ viewport: { width, height: 900 } });
  await prepare?.(context);
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (!isAnswer(message.text())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', ({ message, stack }) => void complaints.push(stack ?? message));
  page.on('dialog', (dialog) => {
    if (dialog.type() !== 'beforeunload') complaints.push(dialog.message());
    void dialog.accept();
  });
  await page.goto(`${app.pages}${path}`);
  return { context, page, complaints };
};

export const shown = (page: Page, mark: string) => page.locator(`[data-shown="${mark}"]`).first();

/** The steps of a sign-in, with the code of an authenticator app. */
export const enter = async (page: Page, { email, password, authenticatorKey }: AppUser) => {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'sign-in-code').waitFor();
  await page.getByLabel('Code of the app').fill(totpCode(authenticatorKey, Date.now()));
  await page.getByRole('button', { name: 'Confirm' }).click();
};
