// The deployed functions, with their own roles, through the gateway: a transaction needs every
// right that its steps need.
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { examples } from '../../../protected-app/openapi-examples.ts';
import { product, productPage } from '../../../protected-app/schemas/product.ts';
import { borrowedApp, type DeployedApp } from './deployed.ts';

let app: DeployedApp;
beforeAll(async () => {
  app = await borrowedApp('products');
});

let numbered = 0;
const body = (components: readonly string[] = []) => {
  numbered += 1;
  return { ...Object(examples.ProductInput), sku: `HTTP-${numbered}`, components };
};
const create = async (components: readonly string[] = []) => {
  const answer = await app.call('POST', '/products', {
    token: app.tokens.standard,
    body: body(components),
  });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return product.parse(answer.json);
};
const put = (id: string, version: number, components: readonly string[]) =>
  app.call('PUT', `/products/${id}`, {
    token: app.tokens.standard,
    headers: { 'If-Match': `"${version}"` },
    body: body(components),
  });

it('ten repeats over HTTP make one product', async () => {
  const sent = {
    token: app.tokens.standard,
    headers: { 'Idempotency-Key': randomUUID() },
    body: body(),
  };
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => app.call('POST', '/products', sent)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
  expect(
    new Set(answers.map(({ text, headers }) => `${headers.location} ${headers.etag} ${text}`)).size,
  ).toBe(1);
});

it('components are referred to, let go, and protected; a circle is refused', async () => {
  const [part, other] = [await create(), await create()];
  const middle = await create([part.id]);
  const whole = await create([middle.id]);
  const changed = await put(middle.id, 1, [part.id, other.id]);
  expect([changed.status, changed.headers.etag]).toEqual([200, '"2"']);
  expect((await put(part.id, 1, [whole.id])).status).toBe(422);
  expect((await put(middle.id, 1, [])).status).toBe(412);
  const remove = (id: string) =>
    app.call('DELETE', `/products/${id}`, { token: app.tokens.administrator });
  expect((await remove(other.id)).status).toBe(409);
  for (const { id } of [whole, middle, other]) expect((await remove(id)).status).toBe(204);
  expect((await remove(other.id)).status).toBe(404);
});

it('a list goes on where its cursor says, and not where somebody else says', async () => {
  await Promise.all(Array.from({ length: 5 }, () => create()));
  const list = (query: string) =>
    app.call('GET', `/products?limit=2&${query}`, { token: app.tokens.standard });
  const first = productPage.parse((await list('sort=-updatedAt')).json);
  expect(first.items).toHaveLength(2);
  const second = productPage.parse((await list(`sort=-updatedAt&cursor=${first.cursor}`)).json);
  expect(second.items.filter(({ id }) => first.items.some((one) => one.id === id))).toEqual([]);
  expect((await list(`sort=name&cursor=${first.cursor}`)).status).toBe(400);
});
