import { type ProductQuery, productQuery } from '../schemas/product.ts';
import { etagOf } from '../shared/etag.ts';
import { type RouteHandler, requireSignedIn } from '../shared/http.ts';
import { readPage } from '../shared/pages.ts';
import { read } from '../shared/problem.ts';
import { type ProductItem, productItem, productOf } from '../shared/product-item.ts';
import type { TableHandle } from '../shared/table.ts';
import { foldText } from '../shared/text.ts';
import { findProduct } from './product-find.ts';

interface ProductReadDeps {
  readonly products: TableHandle;
}

const sortOrders = {
  name: { index: 'byName', by: 'nameKey' },
  price: { index: 'byPrice', by: 'priceKey' },
  updatedAt: { index: 'byUpdate', by: 'updatedAt' },
} as const;

type SortOrder = keyof typeof sortOrders;

const sortOrderOf = (sort: ProductQuery['sort']): SortOrder => {
  const name = sort.replace('-', '');
  return name === 'price' || name === 'updatedAt' ? name : 'name';
};

const matchesText =
  (text: string) =>
  ({ name, sku, category }: ProductItem): boolean =>
    [name, sku, category].some((field) => foldText(field).includes(foldText(text)));

/** `GET /products`: a page, in one of six orders. */
export const listProducts =
  ({ products }: ProductReadDeps): RouteHandler =>
  async (request) => {
    requireSignedIn(request);
    const { limit, cursor, sort, q } = read(productQuery, request.query, 'query');
    const { index, by: sortAttribute } = sortOrders[sortOrderOf(sort)];
    const productPage = await readPage({
      table: products,
      index,
      sortAttribute: sortAttribute,
      descending: sort.startsWith('-'),
      item: productItem,
      sortKeyOf: (item) => item[sortAttribute],
      matches: q === undefined ? undefined : matchesText(q),
      limit,
      cursor,
      identity: ['products', sort, q],
    });
    return {
      status: 200,
      body: { items: productPage.items.map(productOf), cursor: productPage.cursor },
    };
  };

/** `GET /products/{id}` */
export const readProduct =
  ({ products }: ProductReadDeps): RouteHandler =>
  async (request) => {
    requireSignedIn(request);
    const stored = await findProduct(request, products);
    return { status: 200, headers: { ETag: etagOf(stored.version) }, body: productOf(stored) };
  };
