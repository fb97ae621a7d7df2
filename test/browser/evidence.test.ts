import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frontPage } from '../../responders/evidence/index-front.ts';
import { indexPage } from '../../responders/evidence/index-page.ts';
import { hostile, hostileIncident, someRows } from '../support/responders/evidence/hostile-page.ts';

const executablePath = '/usr/bin/chromium';
const folder = mkdtempSync(join(tmpdir(), 'cordon-pages-'));
const pages = {
  incident: hostileIncident(),
  front: frontPage(
    [{ span: '2026/11', incidents: 212, unsealed: 2, files: ['2026-11.html', '2026-11-2.html'] }],
    { from: '2026-11-01' },
  ),
  drills: frontPage([], { drills: true }),
  index: indexPage(
    { span: '2026/11/21', rows: someRows(50), next: 'x' },
    { folder: (to) => `../${to}index.html`, next: 'page-2.html' },
  ),
};

let browser: Browser;
beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
  for (const [name, html] of Object.entries(pages))
    writeFileSync(join(folder, `${name}.html`), html);
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const open = async (name: string, width: number, colorScheme: 'light' | 'dark' = 'light') => {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('dialog', (dialog) => void complaints.push(dialog.message()));
  page.on(
    'request',
    (request) => void (request.url().startsWith('file://') || complaints.push(request.url())),
  );
  await page.goto(`file://${join(folder, `${name}.html`)}`);
  return { context, page, complaints };
};

describe.each(Object.keys(pages))('the page %s', (name) => {
  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1_280, 'light'],
    [1_280, 'dark'],
  ] as const)(
    'has no accessibility violation at %i px, %s, and does not scroll sideways',
    async (width, scheme) => {
      const { context, page, complaints } = await open(name, width, scheme);
      const { violations } = await new AxeBuilder({ page }).analyze();

      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.locator('h1').count()).toBe(1);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('prints', async () => {
    const { context, page } = await open(name, 1_280);
    const pdf = await page.pdf({ preferCSSPageSize: true });

    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    await context.close();
  });
});

it('hostile names are text: no element, no script, no link comes of them', async () => {
  const { context, page, complaints } = await open('incident', 1_280);

  expect(await page.locator('script, img, iframe, b, svg, form').count()).toBe(0);
  expect(
    await page.evaluate(
      "[...document.links].map((link) => link.getAttribute('href')).filter((to) => !/^(#[a-z]+|[a-z0-9_./-]+)$/.test(to))",
    ),
  ).toEqual([]);
  expect(await page.locator('body').textContent()).toContain(hostile.shown);
  expect(complaints).toEqual([]);
  await context.close();
});
