// Somebody verifies the evidence of a drill in the browser, before and after a byte is changed.
import { existsSync, readFileSync } from 'node:fs';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { totpCode } from '../../../local/app/totp.ts';
import { enterConsole } from '../../../local/console/users.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { LocalSiteServer } from '../../../local/site.ts';
import { output } from '../../../operator/place.ts';
import { evidencePrefix } from '../../../responders/incident/incident-id.ts';
import { isClosed } from '../../../responders/incident/stage.ts';
import { drillAbout } from '../../engine/console/desk.ts';
import { awaited, type Desk, deskOf } from '../../engine/intruder/case.ts';
import { startConsolePages } from '../../support/console/pages.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';

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

/** Signed in on the page of the evidence, with all that the browser complains of. */
const auditorAt = async (path: string) => {
  const { user } = await enterConsole(desk.place, 'audrey', ['auditors']);
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => void complaints.push(message));
  await page.goto(`${pages.url}${path}`);
  await page.getByLabel('User name').fill(user.name);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await shown(page, 'sign-in-code').waitFor();
  await page.getByLabel('Code of the app').fill(totpCode(user.authenticatorKey, Date.now()));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await shown(page, 'evidence-shown').waitFor();
  return { page, complaints };
};

const verify = async (page: Page, purpose: string, fingerprint?: string): Promise<void> => {
  await page.getByRole('button', { name: 'Verify now' }).click();
  await page.getByLabel('Why are you verifying it?').fill(purpose);
  if (fingerprint !== undefined) await page.getByLabel('Fingerprint of the key').fill(fingerprint);
  await page.getByRole('button', { name: 'Write the entry and verify' }).click();
};

/** The result as the page saves it. */
const saved = async (page: Page): Promise<Readonly<Record<string, unknown>>> => {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save JSON' }).click();
  const text = readFileSync(await (await coming).path(), 'utf8');
  const result: Readonly<Record<string, unknown>> = JSON.parse(text);
  expect(text).toBe(`${JSON.stringify(result, null, 2)}\n`);
  return result;
};

/** Puts other bytes into the place of an object, as the root key of the engine alone can. */
const flipByte = async (id: string, path: string): Promise<void> => {
  const s3 = new S3Client(await desk.place.config('operator'));
  const Bucket = output(desk.place, 'CordonResponse', 'DrillEvidenceBucketName');
  const Key = `${evidencePrefix(id)}${path}`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  for (const { VersionId } of Versions)
    await s3.send(
      new DeleteObjectCommand({ Bucket, Key, VersionId, BypassGovernanceRetention: true }),
    );
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: bytes, IfNoneMatch: '*' }));
};

it('a drill’s evidence is sound in the page, and a changed byte is named', async () => {
  const { id } = await drillAbout(desk, 'pages-verify');
  await awaited(desk, id, 'closed', ({ stages }) => isClosed(stages));
  const { page, complaints } = await auditorAt(`/i/${id}/evidence`);

  await verify(page, 'audit 4711');
  await shown(page, 'verify-sound').waitFor();
  const sound = await saved(page);
  expect(sound).toMatchObject({
    ...{ schema: 'cordon-verification/1', ok: true, incident: id, findings: [] },
    ...{ custody: { entries: 1 }, key: { pinned: true } },
  });
  expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id: rule }) => rule)).toEqual(
    [],
  );

  await flipByte(id, 'index.html');
  const { fingerprint } = Object(sound.key);
  await verify(page, 'audit 4711, once more', fingerprint);
  await shown(page, 'verify-damaged').waitFor();
  const damaged = await saved(page);
  expect(damaged).toMatchObject({ ok: false, custody: { entries: 2 }, key: { fingerprint } });
  const problems = page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
  expect(await problems.allTextContents()).toEqual([
    expect.stringMatching(/^Changed\s*index\.html\s*was changed: its SHA-256 is /),
    expect.stringMatching(/^Swapped version\s*index\.html\s*was swapped: /),
  ]);

  // Before and after, as the engine answered: what Cordon changed has a mark.
  await page.getByLabel('Why do you compare it?').fill('audit 4711, what was changed');
  await page.getByRole('button', { name: /^Read \d+ objects$/ }).click();
  await shown(page, 'inside-shown').waitFor();
  const changes = await page.locator('.change-diff .is-changed').allTextContents();
  expect(changes.map((text) => text.replaceAll(/\s+/g, ' ').trim())).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^Cordon’s deny policy ?not attached ?attached ?changed$/),
      expect.stringMatching(/^Reserved concurrency ?none ?0 ?changed$/),
    ]),
  );
  expect(await page.locator('[data-shown="inside-wrong"]').count()).toBe(0);
  await page.getByRole('table', { name: 'Files in function/code.zip' }).waitFor();

  // What was typed is remembered, also by a page that is loaded anew.
  await page.reload();
  await shown(page, 'evidence-shown').waitFor();
  await page.getByRole('button', { name: 'Verify now' }).click();
  const field = page.getByLabel('Fingerprint of the key');
  await expect.poll(() => field.inputValue()).toBe(fingerprint);
  await page.getByRole('button', { name: 'Write the entry and verify' }).click();
  await page.getByText('State why you need to read it').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
