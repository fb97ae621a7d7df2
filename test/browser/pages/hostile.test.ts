// What an attacker may have written, on every page of the application that shows it.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { product, question } from '../../../protected-app/pages/scripted.ts';
import { script } from '../../../protected-app/pages/states.ts';
import { openState } from '../../../tools/shots/look.ts';
import { expectOnlyText, type HostilePage } from '../hostile.ts';
import { hostileTexts } from '../hostile-texts.ts';
import {
  complaintsIn,
  narrowPhone,
  type StatesWorld,
  startStates,
  stateCalled,
} from '../states.ts';

let world: StatesWorld;
beforeAll(async () => {
  world = await startStates(script);
});
afterAll(() => world?.stop());

/** Fields of which the pages know every value. */
const known = new Set([
  ...['id', 'state', 'currency', 'createdBy', 'startedBy', 'pointer'],
  ...['at', 'createdAt', 'updatedAt', 'modifiedAt', 'askedAt', 'startedAt', 'endedAt', 'renewsAt'],
]);

/** The ids that a record names are texts like any other: of components, and of sources. */
const parts = { components: Array.from({ length: 20 }, (_, index) => `component ${index}`) };
const withParts = { 'GET /products/{id}': { body: { ...product, ...parts } } };
const sources = Array.from({ length: 20 }, (_, index) => `source ${index}`);

const stated = (shown: string, answers: HostilePage['state']['answers'] = {}): HostilePage => {
  const state = stateCalled(script, shown);
  return { state: { ...state, answers: { ...state.answers, ...answers } } };
};

/** The form of a product accepts no other SKU than one of its kind: a person repairs it first. */
const saved = (shown: string): HostilePage => {
  const { state } = stated(shown);
  const [opens, ...types] = state.steps ?? [];
  if (opens === undefined) throw new Error(`${shown} is a state that no person opens`);
  return { state: { ...state, steps: [opens, { type: ['SKU', 'BRG-6201'] }, ...types] } };
};

const finds = async (page: Page): Promise<void> => {
  await page.getByLabel('Add a customer', { exact: true }).fill('a');
  await page.locator('.picker-offered li').first().waitFor();
};

/** The message that says what was removed names the product. */
const removes = async (page: Page): Promise<void> => {
  await page.locator('.k-table .is-row').first().click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('button', { name: 'Remove product', exact: true }).click();
  await page.locator('.k-toast').waitFor();
  await page.locator('[data-shown="products-list"]').waitFor();
};

const pages: readonly (readonly [string, HostilePage])[] = [
  ...[
    ...['products-list', 'products-failed', 'product-removal', 'product-removal-refused'],
    'new-product-refused',
    ...['customers-list', 'customers-masked', 'customers-failed'],
    ...['customer-shown', 'customer-masked', 'asked-list', 'ask-refused', 'answer-failed'],
    ...['answer-unreadable', 'sync-run', 'sync-refused', 'sync-unreadable'],
  ].map((shown) => [shown, stated(shown)] as const),
  ['product-refused', saved('product-refused')],
  ['product-conflict', saved('product-conflict')],
  ['product-shown', stated('product-shown', withParts)],
  ['product-editing', stated('product-editing', withParts)],
  [
    'answer-given',
    stated('answer-given', { 'GET /ai/query/{id}': { body: { ...question, sources } } }),
  ],
  ['customers that a question can be about', { ...stated('ask'), finish: finds }],
  ['a removed product', { ...stated('products-list'), finish: removes }],
];

it.each(pages)('%s: whatever is written, nothing runs, loads or moves', async (_what, page) => {
  await expectOnlyText({ world, known }, page);
});

it('a link may search for any text: it is shown, and stays the text that it is', async () => {
  const context = await narrowPhone(world);
  const complaints = complaintsIn(context);
  const state = stateCalled(script, 'products-no-match');
  for (const text of hostileTexts) {
    const wanted = text.slice(0, 90);
    const path = `/products?q=${encodeURIComponent(wanted)}`;
    const page = await openState(context, world.url, { ...state, path }, script);
    const read = await page.locator('main').textContent();
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));

    expect(read).toContain(`No product has “${wanted.trim()}”`);
    expect({ wanted, width }).toEqual({ wanted, width: 360 });
    await page.close();
  }
  await context.close();
  expect(complaints).toEqual([]);
});
