import { administratorOnly, type Handle } from '../shared/http.ts';
import { HttpProblem } from '../shared/problem.ts';
import * as steps from '../shared/product-steps.ts';
import { busy, type Table, transact } from '../shared/table.ts';
import { findProduct } from './product-find.ts';

const tries = 4;

/**
 * `DELETE /products/{id}`: with its SKU and its references, and only while nothing refers to it,
 * however many ask at once.
 */
export const removeProduct =
  ({ products }: { readonly products: Table }): Handle =>
  async (request) => {
    administratorOnly(request);
    for (let tried = 0; tried < tries; tried += 1) {
      const item = await findProduct(request.path.id, products);
      if (item.references > 0) {
        const others =
          item.references === 1 ? 'Another product is' : `${item.references} other products are`;
        throw new HttpProblem(409, `${others} made of this one.`);
      }
      const refused = await transact(products.client, [
        steps.remove(products, item),
        steps.dropSku(products, item),
        ...item.components.map((id) => steps.refer(products, { id, by: -1 })),
      ]);
      if (refused.length === 0) return { status: 204 };
    }
    throw busy();
  };
