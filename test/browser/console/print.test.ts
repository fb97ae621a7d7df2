// What paper gets of a page: black on white in both schemes, whole lists, and nothing to press.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageStates, script } from '../../../console/pages/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { pdfText } from '../pdf-text.ts';
import { type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const opened = async (shown: string, colorScheme: 'dark' | 'light'): Promise<Page> => {
  const state = pageStates.find((listed) => listed.shown === shown);
  if (state === undefined) throw new Error(`there is no state ${shown}`);
  const context = await world.browser.newContext({ colorScheme, reducedMotion: 'reduce' });
  return openState(context, world.url, state, script);
};

/** Each colour of a text, and each ground, that can be seen. */
const coloursIn = (page: Page): Promise<unknown> =>
  page.evaluate(`(() => {
    const colours = new Set();
    for (const element of document.querySelectorAll('body, body *')) {
      if (element.getClientRects().length === 0) continue;
      const { color, backgroundColor } = getComputedStyle(element);
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
      if (hasText) colours.add('text ' + color);
      if (!/, 0\\)$/.test(backgroundColor) && !element.closest('svg'))
        colours.add('ground ' + backgroundColor);
    }
    return [...colours].sort();
  })()`);

/** In a PDF the space between two pieces of text is not written, and `fi` may be one letter. */
const squeezed = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');
const paperOf = async (page: Page): Promise<string> => squeezed(pdfText(await page.pdf()));

/** What every page has, and paper needs not. */
const furniture = ['Skip to the content', 'Sign out', 'Health', 'Keys'];

const papers = [
  {
    ...{ shown: 'report-shown', leaves: ['Print', 'Compare with', 'Mails'] },
    says: ['bucket images: 19 reads, no change', '<script>alert(1)</script> is what one object'],
  },
  {
    ...{ shown: 'report-changes', leaves: ['Print'] },
    says: ['−', 'bucket images: 14 reads', '+', 'bucket images: 19 reads'],
  },
  {
    ...{ shown: 'incident-shown', leaves: ['Copy', 'Overview'] },
    says: ['What Cordon changed', 'thumbnailer-role', 'KMS did not answer in time'],
  },
  {
    ...{ shown: 'incident-releasing', leaves: ['Password', 'Code of the app'] },
    says: ['What Cordon changed', 'thumbnailer-role'],
  },
  {
    ...{ shown: 'timeline-shown', leaves: ['Export CSV', 'Fold repeats'] },
    // The first row, and the last one, which no screen shows together.
    says: [
      ...['thumbnails/0.webp', 'the user backup-2 is deleted', 'last allowed', 'first denied'],
      ...['Attacker', 'Bystanders'],
    ],
  },
] as const;

it.each(papers)('$shown is black on white, and has all of its text', async (paper) => {
  for (const scheme of ['dark', 'light'] as const) {
    const page = await opened(paper.shown, scheme);
    const text = await paperOf(page);
    for (const says of paper.says) expect(text).toContain(squeezed(says));
    for (const leaves of [...paper.leaves, ...furniture])
      expect(text).not.toContain(squeezed(leaves));

    await page.emulateMedia({ media: 'print', colorScheme: scheme });
    expect(await coloursIn(page)).toEqual(['ground rgb(255, 255, 255)', 'text rgb(0, 0, 0)']);
    await page.context().close();
  }
});

it('a link has its whole address on paper', async () => {
  const page = await opened('drills-shown', 'light');
  const text = await paperOf(page);
  expect(text).toMatch(new RegExp(`Lastrun[^(]*\\(${world.url}/i/inc-\\d{8}-\\w{8}\\)`));
  await page.context().close();
});

it('after printing, a long list draws no more rows than before', async () => {
  const page = await opened('incidents-list', 'light');
  const rows = page.locator('.k-table-row');
  /** A list draws its first rows in more than one step. */
  let before = 0;
  const isSettled = async (): Promise<boolean> => {
    const earlier = before;
    before = await rows.count();
    return before > 0 && before === earlier;
  };
  await expect.poll(isSettled, { interval: 250 }).toBe(true);
  await page.emulateMedia({ media: 'print' });
  await expect.poll(() => rows.count()).toBeGreaterThan(before);
  await page.emulateMedia({ media: 'screen' });
  await expect.poll(() => rows.count()).toBe(before);
  await page.context().close();
});
