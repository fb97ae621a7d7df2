import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listCustomers, readCustomer } from '../../../protected-app/api/customers.ts';
import { createProduct } from '../../../protected-app/api/product-create.ts';
import { listProducts } from '../../../protected-app/api/product-read.ts';
import { seedCustomers } from '../../../protected-app/seed/customers.ts';
import { seedProducts } from '../../../protected-app/seed/products.ts';
import { foldText } from '../../../protected-app/shared/text.ts';
import { administrator, gateway, type Sent } from '../../support/protected-app/gateway.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { createTables, fill } from './tables.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const seeded = seedProducts({ now, createdBy: 'seed' });
const products = seeded.flatMap((item) => ('sku' in item ? [item] : []));
const customers = seedCustomers({ now });

let engine: Engine;
let client: DynamoDBClient;
let call: ReturnType<typeof gateway>['call'];
/** The commands that were sent to DynamoDB since a test asked for it. */
let sent: string[] = [];

beforeAll(async () => {
  engine = await startEngine();
  client = await createTables(engine, ['products', 'customers', 'idempotency']);
  await fill(client, 'products', seeded);
  await fill(client, 'customers', customers);
  client.middlewareStack.add((next, { commandName = '' }) => async (args) => {
    sent.push(commandName);
    return next(args);
  });
  const table = (name: string) => ({ client, name });
  ({ call } = gateway({
    'GET /products': listProducts({ products: table('products') }),
    'POST /products': createProduct({
      products: table('products'),
      idempotency: table('idempotency'),
      now: () => now,
      newId: randomUUID,
    }),
    'GET /customers': listCustomers({ customers: table('customers') }),
    'GET /customers/{id}': readCustomer({ customers: table('customers') }),
  }));
});
afterAll(() => engine.stop());

type Fields = Readonly<Record<string, unknown>>;

interface Walked {
  readonly items: readonly Fields[];
  readonly pages: number;
}

/** All pages of a list, one after the other. */
const walk = async (route: string, { query = {}, ...how }: Sent = {}): Promise<Walked> => {
  const items: Fields[] = [];
  for (let pages = 1, cursor: string | null = ''; ; pages += 1) {
    const answer = await call(route, { ...how, query: { ...query, ...(cursor && { cursor }) } });
    expect(answer.status).toBe(200);
    const page: { items: Fields[]; cursor: string | null } = {
      items: answer.body.items ?? [],
      cursor: answer.body.cursor ?? null,
    };
    items.push(...page.items);
    if (page.cursor === null) return { items, pages };
    cursor = page.cursor;
    if (pages > 200) throw new Error('a list has no end');
  }
};

const idsOf = (items: readonly { readonly id?: unknown }[]) => items.map(({ id }) => id);
const by = (key: string) => (one: Fields, another: Fields) =>
  Buffer.compare(Buffer.from(String(one[key])), Buffer.from(String(another[key])));

it.each([
  ['name', 'nameKey'],
  ['price', 'priceKey'],
  ['updatedAt', 'updatedAt'],
])('every product is on exactly one page, by %s, both ways', async (sort, key) => {
  const up = await walk('GET /products', { query: { sort, limit: '100' } });
  const down = await walk('GET /products', { query: { sort: `-${sort}`, limit: '37' } });
  const keyOf = new Map(products.map((item) => [item.id, Object(item)[key]]));
  const keysOf = ({ items }: Walked) => items.map(({ id }) => keyOf.get(String(id)));
  const sorted = products.toSorted(by(key)).map((item) => Object(item)[key]);
  expect(keysOf(up)).toEqual(sorted);
  expect(keysOf(down)).toEqual(sorted.toReversed());
  expect(new Set(idsOf(up.items)).size).toBe(products.length);
  expect(new Set(idsOf(down.items)).size).toBe(products.length);
  expect([up.pages, down.pages]).toEqual([
    Math.ceil(products.length / 100),
    Math.ceil(products.length / 37),
  ]);
});

it('a product shows nothing of how it is stored', async () => {
  const { items } = await walk('GET /products', { query: { limit: '1', q: 'BRG-01-01' } });
  expect(items).toHaveLength(1);
  expect(Object.keys(items[0] ?? {}).sort()).toEqual(
    [
      'category',
      'components',
      'createdAt',
      'createdBy',
      'description',
      'id',
      'name',
      'price',
      'sku',
      'stock',
      'updatedAt',
      'version',
    ].sort(),
  );
});

it.each(['bearing', 'BEARING', 'axs-a-00', 'Machines', '×', 'nothing has this'])(
  'finds everything with %s in name, SKU or category',
  async (q) => {
    const expected = products.filter(({ name, sku, category }) =>
      foldText(`${name}\n${sku}\n${category}`).includes(foldText(q)),
    );
    const found = await walk('GET /products', { query: { q, limit: '20' } });
    expect(idsOf(found.items).toSorted()).toEqual(idsOf(expected).toSorted());
  },
);

it('one answer costs at most four reads, never a scan, whatever it looks for', async () => {
  for (const query of [{}, { q: 'nothing has this' }, { q: 'a', limit: '100' }]) {
    sent = [];
    await call('GET /products', { query });
    expect(sent.length).toBeLessThanOrEqual(4);
    expect(new Set(sent)).toEqual(new Set(['QueryCommand']));
  }
});

it('a rare match in a long list is found over several pages, of which some are empty', async () => {
  const crowd = Array.from({ length: 1_500 }, (_, index) => ({
    ...customers[0],
    id: `003000000000${String(index).padStart(6, '0')}`,
    nameKey: `zz ${String(index).padStart(5, '0')}`,
    name: index === 1_400 ? 'Zz Needle' : `Zz ${index}`,
  }));
  await fill(client, 'customers', crowd);
  sent = [];
  const found = await walk('GET /customers', { query: { q: 'needle' } });
  expect(found.items.map(({ name }) => name)).toEqual(['Zz Needle']);
  expect(found.pages).toBe(3);
  expect(sent.length).toBeLessThanOrEqual(12);
});

const forged = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

it('a cursor that is forged, damaged, or from another question is a 400 and reads nothing', async () => {
  const first = await call('GET /products', { query: { limit: '2' } });
  const cursor = String(first.body.cursor);
  const [mark, value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  const own = await call('GET /customers', { query: { limit: '2' } });
  const bad: Readonly<Record<string, string>>[] = [
    { cursor: 'x' },
    { cursor: '../../etc/passwd' },
    { cursor: cursor.slice(0, -3) },
    { cursor: 'A'.repeat(1_001) },
    { cursor: forged('null') },
    { cursor: forged({ id, list: 'another', nameKey: value }) },
    { cursor: forged([mark, value]) },
    { cursor: forged([mark, value, id, 'list']) },
    { cursor: forged([mark, '', id]) },
    { cursor: forged([mark, '\ud83d', id]) },
    { cursor: forged([mark, value, '\ud83d']) },
    { cursor: forged([mark, { S: 'x' }, id]) },
    { cursor: forged(['AAAAAAAA', value, id]) },
    { cursor: String(own.body.cursor) },
    { cursor, sort: '-name' },
    { cursor, sort: 'price' },
    { cursor, q: 'bolt' },
  ];
  sent = [];
  for (const query of bad)
    expect([query, (await call('GET /products', { query })).status]).toEqual([query, 400]);
  expect(sent).toEqual([]);
});

it('a cursor that names a place that is not there goes on after it, in the same list', async () => {
  const { body } = await call('GET /products', { query: { limit: '2' } });
  const [mark] = JSON.parse(Buffer.from(String(body.cursor), 'base64url').toString());
  const after = await call('GET /products', {
    query: { cursor: forged([mark, 'timing', 'sku#BRG-01-01']), limit: '100' },
  });
  expect(after.status).toBe(200);
  const names: string[] = [...Object(after.body.items)].map(({ name }: { name: string }) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => foldText(name) < 'timing')).toEqual([]);
});

it('the item of an SKU is no product', async () => {
  const { items } = await walk('GET /products', { query: { limit: '100' } });
  expect(items.filter(({ id }) => String(id).startsWith('sku#'))).toEqual([]);
});

it('a name of accents alone, and one of 120 wide letters, can be stored, listed and paged', async () => {
  const odd = ['\u0301\u0302', 'ﷺ'.repeat(120), '𝔘'.repeat(60)];
  const body = { category: 'Odd', price: { amount: 1, currency: 'EUR' }, stock: 0 };
  for (const [index, name] of odd.entries())
    expect(
      (await call('POST /products', { body: { ...body, sku: `ODD-${index}`, name } })).status,
    ).toBe(201);
  const { items } = await walk('GET /products', { query: { limit: '1', q: 'odd-' } });
  expect(items.map(({ name }) => name).toSorted()).toEqual(odd.toSorted());
});

it('customers: every one on one page, masked for standard users and whole for administrators', async () => {
  const masked = await walk('GET /customers', { query: { limit: '100', country: 'sweden' } });
  const whole = await walk('GET /customers', {
    query: { limit: '100', country: 'SWEDEN' },
    as: administrator,
  });
  const expected = customers.filter(({ country }) => country === 'Sweden');
  expect(idsOf(masked.items).toSorted()).toEqual(idsOf(expected).toSorted());
  expect(idsOf(whole.items)).toEqual(idsOf(masked.items));
  const secrets = expected
    .flatMap(({ email, phone, street, postalCode }) => [email, phone, street, postalCode])
    .filter((one) => one !== null);
  const shown = JSON.stringify(masked.items);
  expect(secrets.filter((secret) => shown.includes(JSON.stringify(secret)))).toEqual([]);
  expect(
    secrets.filter((secret) => !JSON.stringify(whole.items).includes(JSON.stringify(secret))),
  ).toEqual([]);
  expect(new Set(masked.items.map((item) => item.masked))).toEqual(new Set([true]));
});

it('a search looks at nothing that is masked', async () => {
  const { email } = customers.find((one) => one.email !== null) ?? {};
  expect(email).toBeTruthy();
  expect((await walk('GET /customers', { query: { q: String(email) } })).items).toEqual([]);
});

it('one customer: masked, whole, or not there', async () => {
  const [one] = customers;
  const id = String(one?.id);
  const standardUser = await call('GET /customers/{id}', { id });
  expect(standardUser.body).toMatchObject({
    id,
    name: one?.name,
    company: one?.company,
    masked: true,
  });
  const whole = await call('GET /customers/{id}', { id, as: administrator });
  expect(whole.body).toMatchObject({ id, email: one?.email, street: one?.street, masked: false });
  expect(Object.keys(whole.body)).not.toContain('nameKey');
  expect((await call('GET /customers/{id}', { id: '0039999999999999ZZ' })).status).toBe(404);
  for (const malformed of ['x', '../products', '003\u0000', '']) {
    const { status, body } = await call('GET /customers/{id}', { id: malformed });
    expect([malformed, status, body.errors]).toEqual([
      malformed,
      400,
      [{ pointer: 'id', detail: 'an 18-character Salesforce contact id (003…)' }],
    ]);
  }
});
