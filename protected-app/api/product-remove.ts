import { type RouteHandler, requireAdministrator } from '../shared/http.ts';
import { HttpProblem } from '../shared/problem.ts';
import * as steps from '../shared/product-steps.ts';
import { conflictProblem, type TableHandle, transact } from '../shared/table.ts';
import { findProduct } from './product-find.ts';

const maxAttempts = 4;

/**
 * `DELETE /products/{id}`: removes the product, its SKU and its references in one transaction,
 * which fails if another product refers to it.
 */
export const removeProduct =
  ({ products }: { readonly products: TableHandle }): RouteHandler =>
  async (request) => {
    requireAdministrator(request);
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const stored = await findProduct(request, products);
      if (stored.references > 0) {
        const users =
          stored.references === 1 ? '1 product uses' : `${stored.references} products use`;
        throw new HttpProblem(
          409,
          `${users} this one as a component. Remove it from their components first.`,
        );
      }
      const refusedLabels = await transact(products.client, [
        steps.remove(products, stored),
        steps.dropSku(products, stored),
        ...stored.components.map((id) => steps.refer(products, { id, delta: -1 })),
      ]);
      if (refusedLabels.length === 0) return { status: 204 };
    }
    throw conflictProblem();
  };
