import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { changeProduct } from '../../../protected-app/api/product-change.ts';
import { createProduct } from '../../../protected-app/api/product-create.ts';
import { listProducts, readProduct } from '../../../protected-app/api/product-read.ts';
import { removeProduct } from '../../../protected-app/api/product-remove.ts';
import { productInput } from '../../../protected-app/schemas/product.ts';
import fc from '../../support/property.ts';
import { administrator, gateway, other, type Sent } from '../../support/protected-app/gateway.ts';
import { sized } from '../../support/run.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { createTables } from './tables.ts';

let engine: Engine;
let client: DynamoDBClient;
let clock = Date.parse('2026-11-21T12:00:00Z');
let call: ReturnType<typeof gateway>['call'];

beforeAll(async () => {
  engine = await startEngine();
  client = await createTables(engine, ['products', 'idempotency']);
  const now = () => clock;
  const products = { client, name: 'products' };
  ({ call } = gateway({
    'POST /products': createProduct({
      products,
      idempotency: { client, name: 'idempotency' },
      now,
      newId: randomUUID,
    }),
    'PUT /products/{id}': changeProduct({ products, now }),
    'GET /products': listProducts({ products }),
    'GET /products/{id}': readProduct({ products }),
    'DELETE /products/{id}': removeProduct({ products }),
  }));
});
afterAll(() => engine.stop());

let numbered = 0;
const input = (fields: Readonly<Record<string, unknown>> = {}) => {
  numbered += 1;
  return {
    sku: `BOLT-${numbered}`,
    name: `Bolt ${numbered}`,
    description: 'Galvanised.\nM8.',
    category: 'Fasteners',
    price: { amount: 120, currency: 'EUR' },
    stock: 40,
    components: [],
    ...fields,
  };
};

const create = async (
  fields: Readonly<Record<string, unknown>> = {},
  sent: Sent = {},
): Promise<Record<string, string>> => {
  const { status, body } = await call('POST /products', { body: input(fields), ...sent });
  expect(status).toBe(201);
  return body;
};
const put = (id: string | undefined, version: number, body: unknown, sent: Sent = {}) =>
  call('PUT /products/{id}', {
    id: String(id),
    body,
    headers: { 'If-Match': `"${version}"` },
    ...sent,
  });
const get = (id: string | undefined) => call('GET /products/{id}', { id: String(id) });
const remove = (id: string | undefined) =>
  call('DELETE /products/{id}', { as: administrator, id: String(id) });
const items = async (TableName: string) =>
  ((await client.send(new ScanCommand({ TableName }))).Items ?? []).map((item) => unmarshall(item));
const stored = async (id: string | undefined) =>
  (await items('products')).find((item) => item.id === id);
const statuses = (answers: readonly { status: number }[]) =>
  answers.map(({ status }) => status).sort();

it('what comes back is what went in, with where it is and which version it is', async () => {
  const body = input({ name: 'Schraube „Größe 8“ <3 🔩', components: [(await create()).id] });
  const made = await call('POST /products', { body });
  expect(made.body).toMatchObject({ ...body, version: 1, createdAt: '2026-11-21T12:00:00.000Z' });
  expect(made.headers).toMatchObject({
    Location: `/products/${made.body.id}`,
    ETag: '"1"',
    'X-Content-Type-Options': 'nosniff',
  });
  const found = await get(made.body.id);
  expect(found.body).toEqual(made.body);
  expect(found.headers.ETag).toBe('"1"');
});

const text = (field: 'name' | 'category' | 'description') =>
  fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc.constantFrom(
        "'; DROP TABLE products; --",
        '<img src=x onerror=alert(1)>',
        '{"$gt":""}',
        '=1+1',
        '__proto__',
        '\\u0000',
        '١٢٣',
        '👩🏽‍🔧',
      ),
    )
    .filter((value) => productInput.shape[field].safeParse(value).success);

const anyProduct = fc.record({
  name: text('name'),
  category: text('category'),
  description: fc.oneof(fc.constant(''), text('description'), fc.constant('ä'.repeat(4_000))),
  price: fc.record({
    amount: fc.integer({ min: 0, max: 100_000_000 }),
    currency: fc.constantFrom('EUR', 'JPY', 'USD'),
  }),
  stock: fc.integer({ min: 0, max: 1_000_000 }),
});

it('whatever a product may be comes back byte for byte, as JSON that no browser guesses about', async () => {
  await fc.assert(
    fc.asyncProperty(anyProduct, anyProduct, async (first, second) => {
      const body = input(first);
      const made = await call('POST /products', { body });
      expect(made.body).toMatchObject(body);
      const next = input({ ...second, sku: body.sku });
      const changed = await put(made.body.id, 1, next);
      expect(changed.body).toMatchObject(next);
      const found = await get(made.body.id);
      expect(found.body).toEqual({ ...changed.body });
      for (const { headers } of [made, changed, found])
        expect(headers).toMatchObject({
          'Content-Type': 'application/json',
          'X-Content-Type-Options': 'nosniff',
        });
    }),
    { numRuns: sized(30, 150) },
  );
});

it('ten repeats at once make one product and get one answer', async () => {
  const body = input();
  const headers = { 'Idempotency-Key': randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('POST /products', { body, headers })),
  );
  expect(
    new Set(
      answers.map(({ status, text, headers: { Location } }) => `${status} ${Location} ${text}`),
    ).size,
  ).toBe(1);
  expect((await items('products')).filter(({ sku }) => sku === body.sku)).toHaveLength(1);
});

it('of ten bodies with one key at once one is done', async () => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => call('POST /products', { body: input(), headers })),
  );
  expect(statuses(answers)).toEqual([201, ...Array.from({ length: 9 }, () => 422)]);
});

it('a repeat with quotes around the key, and blanks in the JSON, is the same; with another body it is 422', async () => {
  const body = input();
  const first = await call('POST /products', {
    body,
    headers: { 'idempotency-key': 'key-0000-1' },
  });
  const second = await call('POST /products', {
    raw: JSON.stringify(body, null, 2),
    headers: { 'Idempotency-Key': '"key-0000-1"' },
  });
  expect(second).toEqual(first);
  const third = await call('POST /products', {
    body: { ...body, stock: 41 },
    headers: { 'Idempotency-Key': 'key-0000-1' },
  });
  expect([third.status, third.body.detail]).toEqual([
    422,
    'This Idempotency-Key was sent with another body before. Send a new key.',
  ]);
});

it('the same key of somebody else is another key', async () => {
  const headers = { 'Idempotency-Key': 'key-0000-2' };
  const mine = await create({}, { headers });
  const theirs = await create({}, { headers, as: other });
  expect(theirs.id).not.toBe(mine.id);
});

it('after 24 hours a key is new, whether or not DynamoDB has removed it', async () => {
  const headers = { 'Idempotency-Key': 'key-0000-3' };
  const first = await create({}, { headers });
  clock += 24 * 3_600_000;
  const second = await create({}, { headers });
  expect(second.id).not.toBe(first.id);
  const kept = (await items('idempotency')).find(({ key }) => String(key).endsWith('key-0000-3'));
  expect(kept?.expiresAt).toBe(clock / 1_000 + 24 * 3_600);
});

it('a product that could not be written leaves nothing to repeat', async () => {
  const headers = { 'Idempotency-Key': 'key-0000-4' };
  const gone = randomUUID();
  const refused = await call('POST /products', { body: input({ components: [gone] }), headers });
  expect([refused.status, refused.body.errors]).toEqual([
    422,
    [{ pointer: '/components/0', detail: `${gone} does not exist` }],
  ]);
  expect(
    (await items('idempotency')).filter(({ key }) => String(key).endsWith('key-0000-4')),
  ).toEqual([]);
  await create({}, { headers });
});

it('an SKU belongs to one product, however many want it at once, and is free when that one gave it up', async () => {
  const sku = 'ONLY-ONE';
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => call('POST /products', { body: input({ sku }) })),
  );
  expect(statuses(answers)).toEqual([201, 409, 409, 409, 409, 409, 409, 409]);
  const [made] = answers.filter(({ status }) => status === 201);
  expect((await put(made?.body.id, 1, input({ sku: 'ANOTHER-ONE' }))).status).toBe(200);
  const heir = await create({ sku });
  expect((await put(made?.body.id, 2, input({ sku }))).status).toBe(409);
  expect((await remove(heir.id)).status).toBe(204);
  expect((await put(made?.body.id, 2, input({ sku }))).status).toBe(200);
});

it('of ten changes of the same version one is made', async () => {
  const { id, sku } = await create();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) => put(id, 1, input({ sku, stock: index }))),
  );
  expect(statuses(answers)).toEqual([200, ...Array.from({ length: 9 }, () => 412)]);
  const [made] = answers.filter(({ status }) => status === 200);
  expect((await get(id)).body).toEqual(made?.body);
  expect(made?.headers.ETag).toBe('"2"');
});

it('whoever neither made it nor is an administrator may not change it', async () => {
  const { id } = await create();
  expect((await put(id, 1, input(), { as: other, headers: { 'If-Match': '"1"' } })).status).toBe(
    403,
  );
  const changed = await put(id, 1, input({ stock: 0 }), {
    as: administrator,
    headers: { 'If-Match': '"1"' },
  });
  expect([changed.status, changed.body.createdBy]).toEqual([200, (await get(id)).body.createdBy]);
  expect((await put(randomUUID(), 1, input())).status).toBe(404);
});

it('references are counted with every change, and protect what is referred to', async () => {
  const [a, b, c] = await Promise.all([create(), create(), create()]);
  const whole = await create({ components: [a.id, b.id] });
  const counts = async () =>
    Promise.all([a, b, c].map(async ({ id }) => (await stored(id))?.references));
  expect(await counts()).toEqual([1, 1, 0]);
  await put(whole.id, 1, input({ components: [b.id, c.id] }));
  expect(await counts()).toEqual([0, 1, 1]);
  expect((await get(b.id)).headers.ETag).toBe('"1"');
  expect((await remove(b.id)).status).toBe(409);
  expect((await remove(whole.id)).status).toBe(204);
  expect(await counts()).toEqual([0, 0, 0]);
  expect((await remove(b.id)).status).toBe(204);
  expect((await remove(b.id)).status).toBe(404);
  expect((await get(b.id)).status).toBe(404);
});

it('a product is never removed and referred to at once', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { id } = await create();
    const [made, removed] = await Promise.all([
      call('POST /products', { body: input({ components: [id] }) }),
      remove(id),
    ]);
    expect([
      [201, 409],
      [422, 204],
    ]).toContainEqual([made.status, removed.status]);
    expect((await get(id)).status).toBe(made.status === 201 ? 200 : 404);
  }
});

it('of ten removals at once one removes', async () => {
  const { id } = await create();
  const answers = await Promise.all(Array.from({ length: 10 }, () => remove(id)));
  expect(statuses(answers)).toEqual([204, ...Array.from({ length: 9 }, () => 404)]);
});

it('no product is a part of itself, directly or far below', async () => {
  const [a, b, c] = await Promise.all([create(), create(), create()]);
  expect((await put(a.id, 1, input({ components: [a.id] }))).status).toBe(422);
  expect((await put(a.id, 1, input({ components: [b.id] }))).status).toBe(200);
  expect((await put(b.id, 1, input({ components: [c.id] }))).status).toBe(200);
  const refused = await put(c.id, 1, input({ components: [a.id] }));
  expect([refused.status, refused.body.errors]).toEqual([
    422,
    [{ pointer: '/components/0', detail: `${a.id} contains this product` }],
  ]);
  expect((await stored(a.id))?.references).toBe(0);
});

it('a circle cannot be closed by several changes at once', async () => {
  for (let round = 0; round < 8; round += 1) {
    const [x, y, z] = await Promise.all([create(), create(), create()]);
    if (round % 2 === 1) await create({ components: [x.id, y.id, z.id] });
    const answers = await Promise.all([
      put(x.id, 1, input({ components: [y.id] })),
      put(y.id, 1, input({ components: [z.id] })),
      put(z.id, 1, input({ components: [x.id] })),
    ]);
    expect(statuses(answers)).toEqual([200, 200, 422]);
    const referred = await Promise.all(
      [x, y, z].map(async ({ id }) => Number((await stored(id))?.references)),
    );
    expect(referred.reduce((sum, one) => sum + one)).toBe(2 + (round % 2 === 1 ? 3 : 0));
  }
});
