// What an auditor exports is what the page shows: the same entries, filtered as on the page.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const saved = async (page: Page, button: string): Promise<string> => {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return readFileSync(await file.path(), 'utf8');
};

it('an export has the entries that are shown, and nothing else', async () => {
  const context = await browser.newContext();
  const state = pageStates.find(({ shown }) => shown === 'audit-shown');
  if (state === undefined) throw new Error('there is no state audit-shown');
  const page = await openState(context, server.url, state, script);
  const whole: unknown[] = JSON.parse(await saved(page, 'Export JSON'));
  // Five entries, and the sign-in of each of three persons.
  expect(whole).toHaveLength(8);

  await page.getByLabel('What was done').selectOption('Read evidence');
  await page.getByText('1 entry', { exact: true }).waitFor();
  expect(JSON.parse(await saved(page, 'Export JSON'))).toEqual([
    expect.objectContaining({ who: 'audrey', what: 'read-evidence', outcome: expect.any(String) }),
  ]);
  const [head, ...lines] = (await saved(page, 'Export CSV')).split('\r\n');
  expect(head).toBe('datetime,who,what,incident,says,outcome,signed_in,request_id');
  expect(lines).toEqual([expect.stringContaining('"audrey","read-evidence"')]);
  await context.close();
});
