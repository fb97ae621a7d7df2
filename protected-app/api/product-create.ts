import { type Product, product, productInput } from '../schemas/product.ts';
import { etagOf } from '../shared/etag.ts';
import type { ApiResponse, RouteHandler } from '../shared/http.ts';
import { requireSignedIn } from '../shared/http.ts';
import { readIdempotencyKey } from '../shared/idempotency.ts';
import { read } from '../shared/problem.ts';
import { type ProductItem, productKeys, productOf } from '../shared/product-item.ts';
import * as steps from '../shared/product-steps.ts';
import { conflictProblem, type TableHandle, transact } from '../shared/table.ts';
import { problemOfRefusal } from './product-refusal.ts';

export interface CreateProductDeps {
  readonly products: TableHandle;
  readonly idempotency: TableHandle;
  readonly now: () => number;
  readonly newId: () => string;
}

const createdResponse = (shown: Product): ApiResponse => ({
  status: 201,
  headers: { Location: `/products/${shown.id}`, ETag: etagOf(shown.version) },
  body: shown,
});

/**
 * `POST /products`: writes the product, its SKU, the references to its components and the answer to
 * a repetition in one transaction.
 */
export const createProduct =
  ({ products, idempotency, now, newId }: CreateProductDeps): RouteHandler =>
  async (request) => {
    const { sub } = requireSignedIn(request);
    const input = read(productInput, request.body, 'body');
    const idempotentRequest = readIdempotencyKey(request.headers['idempotency-key'], input, {
      table: idempotency,
      now,
      route: 'POST /products',
      sub,
    });
    const earlierAnswer = await idempotentRequest?.findAnswer();
    if (earlierAnswer !== undefined) return createdResponse(product.parse(earlierAnswer));

    const createdAt = new Date(now()).toISOString();
    const fields = {
      ...input,
      id: newId(),
      createdAt,
      createdBy: sub,
      updatedAt: createdAt,
      version: 1,
    };
    const stored: ProductItem = { ...fields, ...productKeys(fields), references: 0 };
    const refusedLabels = await transact(products.client, [
      steps.create(products, stored),
      steps.takeSku(products, stored),
      ...stored.components.map((id) => steps.refer(products, { id, delta: 1 })),
      ...(idempotentRequest ? [idempotentRequest.rememberStep(productOf(stored))] : []),
    ]);
    if (refusedLabels.length === 0) return createdResponse(productOf(stored));
    // The same request may have succeeded concurrently; then its answer is the answer.
    const concurrentAnswer = await idempotentRequest?.findAnswer();
    if (concurrentAnswer !== undefined) return createdResponse(product.parse(concurrentAnswer));
    throw (await problemOfRefusal(refusedLabels, stored, products)) ?? conflictProblem();
  };
