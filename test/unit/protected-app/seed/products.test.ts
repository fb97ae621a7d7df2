import { expect, it } from 'vitest';
import { seedCustomers } from '../../../../protected-app/seed/customers.ts';
import { seedProducts } from '../../../../protected-app/seed/products.ts';
import { customerItem } from '../../../../protected-app/shared/customer-item.ts';
import { productItem, skuKey } from '../../../../protected-app/shared/product-item.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const all = seedProducts({ now, createdBy: 'somebody' });
const products = all.flatMap((item) => ('sku' in item ? [item] : []));
const customers = seedCustomers({ now });

it('there are at least 500 products and 500 customers, the same every time', () => {
  expect(products.length).toBeGreaterThanOrEqual(500);
  expect(customers.length).toBeGreaterThanOrEqual(500);
  expect(seedProducts({ now, createdBy: 'somebody' })).toEqual(all);
  expect(seedCustomers({ now })).toEqual(customers);
});

it('every item is one that the application reads as it is', () => {
  expect(products.map((item) => productItem.parse(item))).toEqual(products);
  expect(customers.map((item) => customerItem.strict().parse(item))).toEqual(customers);
});

it('nothing is there twice: ids, SKUs, customers', () => {
  for (const ids of [
    all.map(({ id }) => id),
    products.map(({ sku }) => sku),
    customers.map(({ id }) => id),
  ])
    expect(new Set(ids).size).toBe(ids.length);
});

it('every product holds its SKU, every component exists, and every reference is counted', () => {
  const held = new Map(all.flatMap((item) => ('heldBy' in item ? [[item.id, item.heldBy]] : [])));
  expect(products.filter(({ sku, id }) => held.get(skuKey(sku)) !== id)).toEqual([]);
  expect(held.size).toBe(products.length);
  const used = products.flatMap(({ components }) => components);
  expect(used.length).toBeGreaterThan(200);
  expect(
    products.filter(({ id, references }) => references !== used.filter((one) => one === id).length),
  ).toEqual([]);
  expect(used.filter((id) => !products.some((product) => product.id === id))).toEqual([]);
});

it('some customers wait for a push to Salesforce, and nobody could be called by mistake', () => {
  expect(
    customers.filter(({ pending, changedAt }) => pending === 'yes' && changedAt !== undefined)
      .length,
  ).toBeGreaterThan(10);
  expect(
    customers.filter(
      ({ pending, changedAt }) => (pending === undefined) !== (changedAt === undefined),
    ),
  ).toEqual([]);
  expect(
    customers.filter(
      ({ email }) => email !== null && !/^[a-z]+\.[a-z]+\d+@[a-z]+\.example$/.test(email),
    ),
  ).toEqual([]);
});
