import { type ProductQuery, productQuery } from '../schemas/product.ts';
import { etagOf } from '../shared/etag.ts';
import { type Handle, signedIn } from '../shared/http.ts';
import { page } from '../shared/pages.ts';
import { read } from '../shared/problem.ts';
import { type ProductItem, productItem, productOf } from '../shared/product-item.ts';
import type { Table } from '../shared/table.ts';
import { folded } from '../shared/text.ts';
import { findProduct } from './product-find.ts';

interface Reading {
  readonly products: Table;
}

const orders = {
  name: { index: 'byName', by: 'nameKey' },
  price: { index: 'byPrice', by: 'priceKey' },
  updatedAt: { index: 'byUpdate', by: 'updatedAt' },
} as const;

type Order = keyof typeof orders;

const orderOf = (sort: ProductQuery['sort']): Order => {
  const name = sort.replace('-', '');
  return name === 'price' || name === 'updatedAt' ? name : 'name';
};

const has =
  (text: string) =>
  ({ name, sku, category }: ProductItem): boolean =>
    [name, sku, category].some((field) => folded(field).includes(folded(text)));

/** `GET /products`: a page, in one of six orders. */
export const listProducts =
  ({ products }: Reading): Handle =>
  async (request) => {
    signedIn(request);
    const { limit, cursor, sort, q } = read(productQuery, request.query, 'query');
    const { index, by } = orders[orderOf(sort)];
    const found = await page({
      table: products,
      index,
      by,
      descending: sort.startsWith('-'),
      item: productItem,
      sortValue: (item) => item[by],
      accepts: q === undefined ? undefined : has(q),
      limit,
      cursor,
      asked: ['products', sort, q],
    });
    return { status: 200, body: { items: found.items.map(productOf), cursor: found.cursor } };
  };

/** `GET /products/{id}` */
export const readProduct =
  ({ products }: Reading): Handle =>
  async (request) => {
    signedIn(request);
    const item = await findProduct(request.path.id, products);
    return { status: 200, headers: { ETag: etagOf(item.version) }, body: productOf(item) };
  };
