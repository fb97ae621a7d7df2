// From the link of a mail to the decision, in a browser, against the engine.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totpCode } from '../../../local/app/totp.ts';
import { enterConsole, type LocalConsoleUser } from '../../../local/console/users.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { LocalSiteServer } from '../../../local/site.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { awaited, type Desk, incidentAbout } from '../../engine/intruder/case.ts';
import { stopApplication } from '../../support/console/stop-application.ts';
import { enterAt, tabTo, typeInto } from '../keyboard.ts';
import { nextCode } from '../sessions.ts';
import {
  type ConsoleWorld,
  phoneOf,
  shown,
  signIn,
  startConsoleWorld,
  violations,
} from './world.ts';

let world: ConsoleWorld;
let desk: Desk;
let pages: LocalSiteServer;
beforeAll(async () => {
  world = await startConsoleWorld();
  ({ desk, pages } = world);
  // All of this is done while what the console defends is gone, with its users.
  await stopApplication(world.cordon);
}, 600_000);
afterAll(() => world?.stop());

const phone = () => phoneOf(world);

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
  const ofAnna = page.getByRole('row').filter({ hasText: 'anna' });
  for (const what of ['Signed in', 'Decided'])
    expect(await ofAnna.filter({ hasText: what }).count(), what).toBeGreaterThan(0);

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
