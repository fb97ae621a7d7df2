import { type Product, product, productInput } from '../schemas/product.ts';
import { etagOf } from '../shared/etag.ts';
import type { Handle, Response } from '../shared/http.ts';
import { signedIn } from '../shared/http.ts';
import { once } from '../shared/idempotency.ts';
import { read } from '../shared/problem.ts';
import { type ProductItem, productKeys, productOf } from '../shared/product-item.ts';
import * as steps from '../shared/product-steps.ts';
import { busy, type Table, transact } from '../shared/table.ts';
import { refusal } from './product-refusal.ts';

export interface Creating {
  readonly products: Table;
  readonly idempotency: Table;
  readonly now: () => number;
  readonly newId: () => string;
}

const created = (shown: Product): Response => ({
  status: 201,
  headers: { Location: `/products/${shown.id}`, ETag: etagOf(shown.version) },
  body: shown,
});

/**
 * `POST /products`: the product, its SKU, the references to its components and the answer to a
 * repeat are written together or not at all.
 */
export const createProduct =
  ({ products, idempotency, now, newId }: Creating): Handle =>
  async (request) => {
    const { sub } = signedIn(request);
    const input = read(productInput, request.body, 'body');
    const repeat = once(request.headers['idempotency-key'], input, {
      table: idempotency,
      now,
      route: 'POST /products',
      sub,
    });
    const before = await repeat?.answered();
    if (before !== undefined) return created(product.parse(before));

    const at = new Date(now()).toISOString();
    const fields = {
      ...input,
      id: newId(),
      createdAt: at,
      createdBy: sub,
      updatedAt: at,
      version: 1,
    };
    const item: ProductItem = { ...fields, ...productKeys(fields), references: 0 };
    const refused = await transact(products.client, [
      steps.create(products, item),
      steps.takeSku(products, item),
      ...item.components.map((id) => steps.refer(products, { id, by: 1 })),
      ...(repeat ? [repeat.remember(productOf(item))] : []),
    ]);
    if (refused.length === 0) return created(productOf(item));
    // The same request may have been faster by a moment: then its answer is ours.
    const meanwhile = await repeat?.answered();
    if (meanwhile !== undefined) return created(product.parse(meanwhile));
    throw (await refusal(refused, item, products)) ?? busy();
  };
