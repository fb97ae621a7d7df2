// The timeline by keyboard alone, by link, and with 10,000 events; judged by what is in the page.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manyEvents, timeline } from '../../../console/pages/scripted-timeline.ts';
import { pageStates, script } from '../../../console/pages/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { enterAt } from '../keyboard.ts';
import { complaintsIn, narrowPhone, type StatesWorld, startStates } from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

const listed = (shown: string) => {
  const state = pageStates.find((known) => known.shown === shown);
  if (state === undefined) throw new Error(`console/pages/states.ts lists no ${shown}`);
  return state;
};
/** The page with nobody's mouse on it, and all that its browser complains of. */
const timelineAt = async (tail = '', body: object = timeline) => {
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const state = listed('timeline-shown');
  const page = await openState(
    context,
    world.url,
    {
      ...{ ...state, path: `${state.path}${tail}` },
      answers: { 'GET /incidents/{id}/timeline': { body } },
    },
    script,
  );
  return { context, complaints, page };
};

const drawer = (page: Page, shown = 'event-shown') => page.locator(`[data-shown="${shown}"]`);
const focusedRow = (page: Page) => page.locator('.k-table-row:has(:focus)');
const queryOf = (page: Page) => new URL(page.url()).searchParams;

it('a call is found in the timeline and its record read by keyboard alone', async () => {
  const { context, complaints, page } = await timelineAt();
  const rows = page.locator('.k-table');
  const foldedRows = Number(await rows.getAttribute('aria-rowcount'));

  await page.keyboard.press(']');
  await expect.poll(() => focusedRow(page).textContent()).toContain('last allowed');
  await page.keyboard.press('j');
  await expect.poll(() => focusedRow(page).textContent()).toContain('first denied');
  await page.keyboard.press('j');
  await expect.poll(() => focusedRow(page).textContent()).toContain('×214');
  await page.keyboard.press('[');
  await expect.poll(() => focusedRow(page).textContent()).toContain('first allowed');

  await page.keyboard.press('Enter');
  await drawer(page).waitFor();
  expect(new URL(page.url()).hash).toBe('#event--58-s3-ListBuckets');
  await page.keyboard.press('Escape');
  await drawer(page).waitFor({ state: 'detached' });
  await expect.poll(() => focusedRow(page).textContent()).toContain('first allowed');
  expect(new URL(page.url()).hash).toBe('');

  await page.keyboard.press('z');
  await expect.poll(() => rows.getAttribute('aria-rowcount')).toBe(`${timeline.events + 1}`);
  await expect.poll(() => queryOf(page).get('fold')).toBe('off');
  await page.keyboard.press('z');
  await expect.poll(() => rows.getAttribute('aria-rowcount')).toBe(`${foldedRows}`);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a row that was gone to stays in sight when the address follows what was done before', async () => {
  const { context, page } = await timelineAt('', manyEvents(10_000));
  await page.keyboard.press('z');
  await page.keyboard.press(']');
  await expect.poll(() => focusedRow(page).getAttribute('aria-rowindex')).toBe('9999');

  await expect.poll(() => queryOf(page).get('fold')).toBe('off');
  // The router scrolls, and the table draws other rows, in the frames after the address changed.
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
  expect(await focusedRow(page).getAttribute('aria-rowindex')).toBe('9999');
  await context.close();
});

it('a pivot, a lane and an event are in the address, and a link brings them back', async () => {
  const { context, complaints, page } = await timelineAt('#event-24-iam-CreateAccessKey');
  await drawer(page).waitFor();

  await enterAt(page, drawer(page).getByRole('link', { name: '198.51.100.23' }));
  await drawer(page).waitFor({ state: 'detached' });
  expect(queryOf(page).get('on')).toBe('address:198.51.100.23');
  const people = page.getByRole('button', { name: /^People/ });
  expect(await people.textContent()).toMatch(/0\s*$/);

  await enterAt(page, page.locator('.timeline-pivot'));
  await expect.poll(() => queryOf(page).has('on')).toBe(false);
  await enterAt(page, people);
  await expect.poll(() => queryOf(page).get('lane')).toBe('people');
  expect(await people.getAttribute('aria-pressed')).toBe('true');
  expect(await page.locator('.k-table-row .timeline-call').allTextContents()).toEqual([
    expect.stringContaining('Approve containment'),
    expect.stringContaining('Release'),
  ]);

  await page.reload();
  await page.locator('[data-shown="timeline-shown"]').waitFor();
  expect(await page.locator('.k-table-row').count()).toBe(2);
  expect(complaints).toEqual([]);
  await context.close();
});

it('the export has every call of the selection, also those that are folded', async () => {
  const { context, page } = await timelineAt('?on=address:198.51.100.23');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export CSV' }).click();
  const [head, ...lines] = readFileSync(await (await coming).path(), 'utf8').split('\r\n');

  expect(head).toMatch(/^message,datetime,timestamp_desc,/);
  const wanted = timeline.items.filter(
    (event) => 'sourceIp' in event && event.sourceIp === '198.51.100.23',
  );
  expect(wanted.length).toBeGreaterThan(60);
  expect(lines.length).toBe(wanted.length);
  await context.close();
});

/** As many rows as may be drawn beyond each edge of the screen: pages-kit/src/rows-on-screen.ts. */
const beyond = 12;
const rowHeight = 64;
const screenHeight = 844;
const mostRows = Math.ceil(screenHeight / rowHeight) + 1 + 2 * beyond;
/** Of the whole page, with its frame and one row for each that may be drawn. */
const mostNodes = 400 + mostRows * 20;

it('of 10,000 events only the rows on the screen are drawn, wherever one is', async () => {
  const { context, page } = await timelineAt('', manyEvents(10_000));
  const rows = page.locator('.k-table-row');
  const isBounded = async (where: string): Promise<void> => {
    const nodes = Number(await page.evaluate('document.querySelectorAll("*").length'));
    const drawn = await rows.count();
    expect({
      where,
      hasRows: drawn > 0,
      few: drawn <= mostRows,
      nodes: nodes <= mostNodes,
    }).toEqual({ where, hasRows: true, few: true, nodes: true });
    const [first = 0, last = 0] = await rows.evaluateAll((elements) =>
      [elements[0], elements.at(-1)].map((row) => row?.getBoundingClientRect().top ?? Number.NaN),
    );
    const room = (beyond + 1) * rowHeight;
    expect({ where, above: first >= -room, below: last <= screenHeight + room }).toEqual({
      ...{ where, above: true, below: true },
    });
  };
  await isBounded('at the top');

  await page.keyboard.press('z');
  await expect.poll(() => page.locator('.k-table').getAttribute('aria-rowcount')).toBe('10001');
  await isBounded('unfolded');
  await page.keyboard.press(']');
  await expect.poll(() => focusedRow(page).getAttribute('aria-rowindex')).toBe('9999');
  await isBounded('at the last allowed call');
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight / 2)');
  await expect
    .poll(async () => Number(await rows.first().getAttribute('aria-rowindex')))
    .toBeLessThan(6_000);
  await isBounded('in the middle');
  await page.getByRole('searchbox').fill('GetObject');
  await expect.poll(() => queryOf(page).get('q')).toBe('GetObject');
  await isBounded('with a search');
  await context.close();
});
