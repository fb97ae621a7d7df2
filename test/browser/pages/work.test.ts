// What people do in the application, in a browser, against the engine.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { callApi } from '../../../local/app/call.ts';
import { customerKeys } from '../../../protected-app/shared/customer-item.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { enterAt, tabTo, typeInto } from '../keyboard.ts';
import { enter, type PagesWorld, shown, startPagesWorld, type Visitor, visit } from './world.ts';

let world: PagesWorld;
let administrator: Visitor;
let page: Page;
beforeAll(async () => {
  world = await startPagesWorld();
  administrator = await visit(world, '/products');
  ({ page } = administrator);
  await enter(page, world.userNamed('administrator'));
  await shown(page, 'products-list').waitFor();
});
afterAll(() => world?.stop());

const fill = async (fields: Readonly<Record<string, string>>): Promise<void> => {
  for (const [label, text] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(text);
};
const press = (name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).last().click();
const heading = (): Promise<string | null> => page.getByRole('heading', { level: 1 }).textContent();
/** Goes to a page as a link of the application does. */
const open = async (path: string): Promise<void> => {
  await page.goto(`${world.app.pages}${path}`);
};

const bearing = {
  Name: 'Test bearing',
  SKU: 'TST-1',
  Category: 'Tests',
  Price: '12.90',
  Stock: '4',
};

/** Somebody else changes the stock of the product meanwhile. */
const changeStock = async (id: string, { sku, stock }: { sku: string; stock: number }) => {
  const token = await world.tokenOf('administrator');
  const theirs = { name: 'Test bearing', sku, category: 'Tests', stock };
  const { status } = await callApi(world.app.url, {
    ...{ method: 'PUT', path: `/products/${id}`, token, headers: { 'If-Match': '"1"' } },
    body: JSON.stringify({ ...theirs, price: { amount: 1290, currency: 'EUR' } }),
  });
  expect(status).toBe(200);
};

it('a product lives: made, changed in a conflict, removed, and put back', async () => {
  await open('/products/new');
  await fill(bearing);
  await press('Save product');
  await shown(page, 'product-shown').waitFor();
  expect(await heading()).toBe('Test bearing');
  const [, id = ''] = /products\/([\w-]+)$/.exec(page.url()) ?? [];

  await press('Edit');
  await fill({ Name: 'Test bearing, mine' });
  await changeStock(id, { sku: 'TST-1', stock: 99 });
  await press('Save changes');
  await shown(page, 'product-conflict').waitFor();
  await page.getByLabel('Saved meanwhile: 99').check();
  await press('Save what is chosen');
  await shown(page, 'product-shown').waitFor();
  expect(await heading()).toBe('Test bearing, mine');
  expect(await shown(page, 'product-shown').textContent()).toContain('99');

  await press('Remove');
  await press('Remove product');
  await page.waitForURL('**/products');
  await page.getByRole('button', { name: 'Undo' }).click();
  await shown(page, 'product-shown').waitFor();
  expect(await heading()).toBe('Test bearing, mine');
  expect(page.url()).not.toContain(id);
});

it('a product lives by keyboard alone', async () => {
  await open('/products');
  await shown(page, 'products-list').waitFor();
  const byKeys = (name: string) => enterAt(page, page.getByRole('button', { name, exact: true }));
  await enterAt(page, page.getByRole('link', { name: 'New product' }));
  await shown(page, 'new-product').waitFor();
  for (const [label, text] of Object.entries({ ...bearing, SKU: 'TST-KEYS' }))
    await typeInto(page, page.getByLabel(label, { exact: true }), text);
  await page.keyboard.press('Enter');
  await shown(page, 'product-shown').waitFor();
  const [, id = ''] = /products\/([\w-]+)$/.exec(page.url()) ?? [];

  await byKeys('Edit');
  await typeInto(page, page.getByLabel('Name', { exact: true }), 'Keyed ');
  await changeStock(id, { sku: 'TST-KEYS', stock: 99 });
  await page.keyboard.press('Enter');
  await shown(page, 'product-conflict').waitFor();
  const theirs = page.getByLabel('Saved meanwhile: 99');
  await tabTo(page, page.getByLabel('Yours: 4'));
  await page.keyboard.press('ArrowDown');
  expect(await theirs.isChecked()).toBe(true);
  await byKeys('Save what is chosen');
  await shown(page, 'product-shown').waitFor();
  const name = await heading();
  expect(name).toContain('Keyed');
  expect(await shown(page, 'product-shown').textContent()).toContain('99');

  await byKeys('Remove');
  await byKeys('Remove product');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.waitFor();
  // The key that goes to the messages, as a screen reader says it of them.
  await page.keyboard.press('F8');
  await enterAt(page, undo);
  await page.waitForURL((url) => !url.pathname.endsWith(id) && /\/products\/./.test(url.pathname));
  await shown(page, 'product-shown').waitFor();
  expect(await heading()).toBe(name);
});

it('a search stands in the address, and scrolling reads page after page', async () => {
  await open('/products?q=bearing&sort=-price');
  await shown(page, 'products-list').waitFor();
  const prices = await page.locator('.k-table-row .is-price').allTextContents();
  expect(prices.length).toBeGreaterThan(5);
  await open('/products');
  await shown(page, 'products-list').waitFor();
  const whole = page.getByText(/^5\d\d products$/);
  for (const end = Date.now() + 120_000; !(await whole.isVisible()) && Date.now() < end; ) {
    await page.mouse.wheel(0, 3_000);
    await page.waitForTimeout(100);
  }
  await whole.waitFor();
  expect(await page.locator('.k-table-row').count()).toBeLessThan(80);
});

it('a question is answered, and its source opens', async () => {
  await open('/customers');
  await page.locator('.k-table-row a').first().click();
  await shown(page, 'customer-shown').waitFor();
  const name = await heading();
  await page.getByRole('link', { name: 'Ask about this customer' }).click();
  await shown(page, 'ask').waitFor();
  await page.getByRole('textbox', { name: 'Question' }).fill(`Where does ${name} work?`);
  // The list of questions is not read again before the answer makes it old once more.
  await page.route('**/ai/queries*', () => undefined);
  await press('Ask');
  await shown(page, 'answer-given').waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.locator('.sources a').first().click();
  await shown(page, 'customer-shown').waitFor();
  expect(await heading()).toBe(name);
});

it('a question is asked and its source opened by keyboard alone', async () => {
  await open('/customers');
  await shown(page, 'customers-list').waitFor();
  await enterAt(page, page.locator('.k-table-row a').first());
  await shown(page, 'customer-shown').waitFor();
  const name = await heading();
  await enterAt(page, page.getByRole('link', { name: 'Ask about this customer' }));
  const question = page.getByRole('textbox', { name: 'Question' });
  await typeInto(page, question, `Where does ${name} work today?`);
  await enterAt(page, page.getByRole('button', { name: 'Ask', exact: true }));
  await shown(page, 'answer-given').waitFor();
  await enterAt(page, page.locator('.sources a').first());
  await shown(page, 'customer-shown').waitFor();
  expect(await heading()).toBe(name);
});

it('a run of the synchronisation is started and followed to its end', async () => {
  await open('/administration');
  await shown(page, 'sync-none').waitFor();
  await press('Start a run');
  await shown(page, 'sync-run').waitFor();
  await page.getByText('Done', { exact: true }).waitFor();
  await page.getByText('requested').waitFor();
});

it('while a part is stopped, a banner says so, and the others work', async () => {
  const FunctionName = world.output('ProductServiceFunctionName');
  const lambda = new LambdaClient(await world.place.config('operator'));
  await lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
  );
  try {
    await open('/products/new');
    await fill({ ...bearing, SKU: 'TST-2' });
    await press('Save product');
    await shown(page, 'paused').waitFor();
    expect(await shown(page, 'paused').textContent()).toContain('Creating and changing products');
    await page.getByRole('link', { name: 'Customers' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await shown(page, 'customers-list').waitFor();
    await shown(page, 'paused').waitFor();
  } finally {
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  }
  await page.getByRole('link', { name: 'Products' }).first().click();
  await page.getByRole('link', { name: 'New product' }).click();
  await fill({ ...bearing, SKU: 'TST-2' });
  await press('Save product');
  await shown(page, 'product-shown').waitFor();
  expect(await page.locator('[data-shown="paused"]').count()).toBe(0);
});

it('hostile texts in every field are texts: nothing runs, nothing loads', async () => {
  const dynamo = new DynamoDBClient(await world.place.config('operator'));
  const requested: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(world.app.pages)) requested.push(request.url());
  });
  for (const [index, text] of hostileTexts.entries()) {
    const id = `003HOSTILE${String(index).padStart(8, '0')}`;
    const personal = { email: text, phone: text, street: text, postalCode: text };
    await dynamo.send(
      new PutItemCommand({
        TableName: world.output('CustomersTableName'),
        Item: marshall({
          ...{ id, name: text, company: text, title: text, city: text, country: text, ...personal },
          ...{ modifiedAt: '2026-11-01T00:00:00.000Z', version: 1 },
          ...customerKeys(text),
        }),
      }),
    );
    await open(`/customers/${id}`);
    await shown(page, 'customer-shown').waitFor();
    expect(await page.locator('main').textContent()).toContain(text);
    expect(
      await page.locator('main :is(script, img, iframe, object, embed, base, style)').count(),
    ).toBe(0);
  }
  for (const text of hostileTexts.slice(0, 12)) {
    await open(`/products?q=${encodeURIComponent(text.slice(0, 90))}`);
    await page.locator('[data-shown^="products-"]').first().waitFor();
  }
  expect(requested).toEqual([]);
});

it('a standard user is told why personal fields are short, and who may administrate', async () => {
  const standard = await visit(world, '/customers', 390);
  await enter(standard.page, world.userNamed('standard'));
  await shown(standard.page, 'customers-masked').waitFor();
  await standard.page.goto(`${world.app.pages}/administration`);
  await shown(standard.page, 'administrators-only').waitFor();
  expect(standard.complaints).toEqual([]);
  await standard.context.close();
});

it('no browser has complained, of a policy or of anything else', () => {
  expect(administrator.complaints).toEqual([]);
});
