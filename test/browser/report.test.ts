import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forms } from '../../responders/report/make.ts';
import { showWith } from '../../responders/report/shown.ts';
import { inState, provisional, sampleInput } from '../../tools/preview/samples.ts';
import { evil, inputWith, place } from '../support/responders/report/samples.ts';

const executablePath = '/usr/bin/chromium';
const folder = mkdtempSync(join(tmpdir(), 'cordon-reports-'));
const reports = {
  final: sampleInput(),
  provisional: provisional(),
  partial: inState('partial'),
  asking: inState('awaiting-approval'),
};

let browser: Browser;
beforeAll(async () => {
  if (!existsSync(executablePath))
    throw new Error(`${executablePath} is missing: apt-get install -y chromium`);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: 120_000 });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

const open = async (name: string, html: string, width: number) => {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width, height: 844 } });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('dialog', (dialog) => void complaints.push(dialog.message()));
  page.on(
    'request',
    (request) => void (request.url().startsWith('file://') || complaints.push(request.url())),
  );
  await page.goto(`file://${file}`);
  return { context, page, complaints };
};

describe.each(Object.entries(reports))('the report %s', (name, input) => {
  it.each([390, 1_280])(
    'has no accessibility violation at %i px, does not scroll sideways, and answers on the first screen',
    async (width) => {
      const { context, page, complaints } = await open(name, forms(input).html, width);
      const { violations } = await new AxeBuilder({ page }).analyze();

      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      const below = await page
        .locator('.glance')
        .evaluate((list) => list.getBoundingClientRect().bottom);
      expect(below).toBeLessThanOrEqual(844);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});

it('prints', async () => {
  const { context, page } = await open('print', forms(sampleInput()).html, 1_280);
  const pdf = await page.pdf({ preferCSSPageSize: true });

  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await context.close();
});

it('on paper no cell runs into the next one', async () => {
  const { context, page } = await open('paper', forms(sampleInput()).html, 680);
  await page.emulateMedia({ media: 'print' });
  const tooWide = `[...document.querySelectorAll('th, td')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)`;
  expect(await page.evaluate(tooWide)).toEqual([]);
  await context.close();
});

/** What the page says, as the browser has understood it: text, and nothing that acts. */
const understood = `({
  text: document.body.innerText === undefined ? '' : document.body.textContent,
  acting: document.querySelectorAll('script, img, iframe, object, embed, form, input, base, link, [onerror], [onclick], [onload]').length,
  links: [...document.querySelectorAll('a')].map((one) => one.getAttribute('href')).filter((href) => !/^(#[a-z]+|\\.\\.\\/[a-z][a-z0-9./-]*)$/.test(href)),
  styles: document.querySelectorAll('style').length,
  points: [...document.querySelectorAll('#open .points strong')].map((one) => one.textContent),
  objects: [...document.querySelectorAll('.objects tbody th')].map((one) => one.textContent),
})`;

it.each(evil.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
  '%s in every field is the text that it is, and nothing else',
  async (_name, text) => {
    const made = forms(await inputWith(text));
    const { context, page, complaints } = await open('evil', made.html, 390);
    const found: unknown = await page.evaluate(understood);

    expect(found).toMatchObject({
      acting: 0,
      links: [],
      styles: 1,
      objects: [showWith(place.mask)(text, 160)],
      points: made.view.open.map(({ what }) => what),
    });
    expect(complaints).toEqual([]);
    await context.close();
  },
);
