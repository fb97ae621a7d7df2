// From the link of a mail to the decision, in a browser, against the engine.
import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totpCode } from '../../../local/app/totp.ts';
import { enterConsole, type LocalConsoleUser } from '../../../local/console/users.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { LocalSiteServer } from '../../../local/site.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { awaited, type Desk, deskOf, incidentAbout } from '../../engine/intruder/case.ts';
import { startConsolePages } from '../../support/console/pages.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';
import { enterAt, tabTo, typeInto } from '../keyboard.ts';

const executablePath = '/usr/bin/chromium';

let cordon: OwnDeployed;
let desk: Desk;
let pages: LocalSiteServer;
let browser: Browser;
beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  cordon = await deployed();
  desk = await deskOf(cordon);
  const { engine, outputs } = cordon;
  pages = await startConsolePages({ ...engine, account: ACCOUNT, region: REGION, outputs }, 0);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await pages?.stop();
  await cordon?.engine.stop();
});

const shown = (page: Page, mark: string) => page.locator(`[data-shown="${mark}"]`).first();

const violations = async (page: Page): Promise<readonly string[]> =>
  (await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id);

/** A code decides once, so that the next one is waited for. */
const nextCode = async ({ authenticatorKey }: LocalConsoleUser, last: string): Promise<string> => {
  for (;;) {
    const code = totpCode(authenticatorKey, Date.now());
    if (code !== last) return code;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
};

/** Somebody with a phone, who complains of whatever the browser does not like. */
const phone = async () => {
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
const signIn = async (page: Page, user: LocalConsoleUser): Promise<string> => {
  await page.getByLabel('User name').fill(user.name);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'sign-in-code').waitFor();
  const code = totpCode(user.authenticatorKey, Date.now());
  await page.getByLabel('Code of the app').fill(code);
  await page.getByRole('button', { name: 'Confirm' }).click();
  return code;
};

const asked = async (name: string) => {
  const made = await incidentAbout(desk, name, { 'cordon:tier': 'critical' });
  await awaited(desk, made.id, 'asked', ({ mails }) => mails.some(({ kind }) => kind === 'ask'));
  return made;
};

it('a link leads over the sign-in to the question, and a code to the containment', async () => {
  const { id } = await asked('pages-contain');
  const { user } = await enterConsole(desk.place, 'anna', ['approvers']);
  const { page, complaints, context } = await phone();
  await page.goto(`${pages.url}/q/${id}`);
  await shown(page, 'sign-in').waitFor();
  const used = await signIn(page, user);
  await shown(page, 'question-open').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(
    'Contain pages-contain?',
  );

  await page.getByRole('button', { name: 'Contain', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('the owner knows nothing of these calls');
  await dialog.getByLabel('Password').fill(user.password);
  await dialog.getByLabel('Code of the app').fill('000000');
  await dialog.getByRole('button', { name: 'Contain', exact: true }).click();
  await shown(page, 'decide-refused').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await dialog.getByLabel('Reason').inputValue()).toContain('the owner');

  await dialog.getByLabel('Code of the app').fill(await nextCode(user, used));
  await dialog.getByRole('button', { name: 'Contain', exact: true }).click();
  await shown(page, 'question-answered-now').waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate('localStorage.length')).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();

  const { head } = await awaited(
    desk,
    id,
    'contained',
    (known) => known.head.state === 'contained',
  );
  expect(head.answers?.map(({ by, contain, reason }) => [by, contain, reason])).toEqual([
    [
      expect.stringMatching(/:assumed-role\/CordonConsoleApproveRole\/anna$/),
      true,
      'the owner knows nothing of these calls',
    ],
  ]);
});

it('somebody who may not decide reads the question and gets no button', async () => {
  const { id } = await asked('pages-read');
  const { user } = await enterConsole(desk.place, 'rita', ['readers']);
  const { page, complaints, context } = await phone();
  await page.goto(`${pages.url}/now`);
  await signIn(page, user);
  await page.getByRole('link', { name: 'pages-read' }).click();
  await shown(page, 'question-not-yours').waitFor();

  expect(page.url()).toContain(`/q/${id}`);
  expect(await page.getByRole('button', { name: 'Contain', exact: true }).count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('an auditor reads drills, policy, health, and what was decided before', async () => {
  const { user } = await enterConsole(desk.place, 'audrey', ['auditors']);
  const { page, complaints, context } = await phone();
  await page.goto(`${pages.url}/audit`);
  await signIn(page, user);
  await shown(page, 'audit-shown').waitFor();
  expect(await page.getByRole('button', { name: 'anna' }).count()).toBeGreaterThan(1);

  for (const [name, ...states] of [
    ['Drills', 'drills-shown', 'drills-none'],
    ['Policy', 'policy-shown'],
    ['Health', 'health-well', 'health-needs'],
  ] as const) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.locator(states.map((state) => `[data-shown="${state}"]`).join(', ')).waitFor();
    expect([name, await violations(page)]).toEqual([name, []]);
  }
  const explain = page.getByRole('button', { name: 'Explain', exact: true });
  await page.getByRole('link', { name: 'Policy', exact: true }).click();
  await page.getByLabel('A finding').fill(JSON.stringify({ detail: {} }));
  await explain.click();
  await shown(page, 'explain-refused').waitFor();
  const envelope = {
    ...{ source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding' },
    ...{ account: ACCOUNT, region: REGION, time: new Date().toISOString() },
  };
  const suspect = {
    functionName: 'orders',
    roleName: 'orders-role',
    roleArn: 'arn:aws:iam::1:role/x',
  };
  const detail = findingAbout(suspect, 'f'.repeat(32));
  await page.getByLabel('A finding').fill(JSON.stringify({ ...envelope, detail }));
  await explain.click();
  await shown(page, 'explain-shown').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

/** Waits until a decision has been taken, at once or to be followed; says why it was refused. */
const taken = async (page: Page, ...marks: readonly string[]): Promise<void> => {
  const refusal = page.locator('[data-shown="decide-refused"]');
  const ends = page.locator(marks.map((mark) => `[data-shown="${mark}"]`).join(', '));
  await ends.or(refusal).first().waitFor();
  expect(await refusal.allTextContents()).toEqual([]);
};

/** Fills the dialog of a decision and decides; gives the code that was used up. */
const decideByKeys = async (
  page: Page,
  user: LocalConsoleUser,
  { reason, last }: { readonly reason: string; readonly last: string },
): Promise<string> => {
  const dialog = page.getByRole('dialog');
  await typeInto(page, dialog.getByLabel('Reason', { exact: true }), reason);
  await typeInto(page, dialog.getByLabel('Password'), user.password);
  const code = await nextCode(user, last);
  await typeInto(page, dialog.getByLabel('Code of the app'), code);
  await page.keyboard.press('Enter');
  return code;
};

it('signed in, found, decided and released by keyboard alone', async () => {
  const { id } = await asked('pages-keys');
  const { user } = await enterConsole(desk.place, 'kim', ['approvers', 'responders']);
  const { page, complaints, context } = await phone();
  await page.goto(`${pages.url}/incidents`);
  await typeInto(page, page.getByLabel('User name'), user.name);
  await typeInto(page, page.getByLabel('Password'), user.password);
  await page.keyboard.press('Enter');
  await shown(page, 'sign-in-code').waitFor();
  const used = totpCode(user.authenticatorKey, Date.now());
  await typeInto(page, page.getByLabel('Code of the app'), used);
  await page.keyboard.press('Enter');

  await shown(page, 'incidents-list').waitFor();
  const row = page.getByRole('link', { name: 'pages-keys' });
  await row.waitFor();
  const rows = await page.locator('.k-table a.is-row').count();
  for (
    let step = 0;
    step < rows && (await page.locator(':focus').and(row).count()) === 0;
    step += 1
  )
    await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await shown(page, 'incident-asks').waitFor();
  expect(page.url()).toContain(`/i/${id}`);
  await enterAt(page, page.getByRole('link', { name: 'Decide' }));

  await shown(page, 'question-open').waitFor();
  await page.keyboard.press('a');
  const code = await decideByKeys(page, user, { reason: 'the calls are not ours', last: used });
  await taken(page, 'question-answered-now', 'question-taken');
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');

  await enterAt(page, page.getByRole('link', { name: /^Everything about/ }));
  await enterAt(page, page.getByRole('button', { name: 'Release', exact: true }));
  await tabTo(page, page.getByRole('dialog').getByRole('checkbox'));
  await page.keyboard.press('Space');
  await decideByKeys(page, user, { reason: 'the workload is clean', last: code });
  await taken(page, 'incident-released-now', 'release-taken');
  await awaited(desk, id, 'released', ({ head }) => head.state === 'released');
  await shown(page, 'incident-released-now').waitFor();
  expect(complaints).toEqual([]);
  await context.close();
}, 600_000);
