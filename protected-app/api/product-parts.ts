import type { ProductInput } from '../schemas/product.ts';
import { HttpProblem } from '../shared/problem.ts';
import { type ProductItem, productItem } from '../shared/product-item.ts';
import { getItem, type TableHandle } from '../shared/table.ts';
import { circularProblem, unknownComponentsProblem } from './product-refusal.ts';

/**
 * A transaction has at most 100 steps: these checks fit beside 20 components that are added and 20
 * that are removed.
 */
const maxParts = 50;

interface ComponentLookup {
  readonly products: TableHandle;
  readonly input: ProductInput;
}

/**
 * Reads the components of the added components, recursively, with their versions. The transaction
 * must check the same versions, or two concurrent changes could make a cycle. Throws if the product
 * is among them.
 */
export const readComponentTree = async (
  productId: string,
  added: readonly string[],
  { products, input }: ComponentLookup,
): Promise<ReadonlyMap<string, number>> => {
  const productsById = new Map<string, ProductItem>();
  const rootOf = new Map(added.map((id) => [id, id]));
  for (let level = [...rootOf.keys()]; level.length > 0; ) {
    if (productsById.size + level.length > maxParts)
      throw new HttpProblem(
        422,
        `The components consist of more than ${maxParts} products in all. ` +
          'Choose components with fewer parts.',
      );
    const components = await Promise.all(level.map((id) => getItem(productItem, products, { id })));
    const missingIds = level.filter((_, index) => components[index] === undefined);
    if (missingIds.length > 0) throw unknownComponentsProblem(missingIds, input);
    level = [];
    for (const component of components.filter((product) => product !== undefined)) {
      productsById.set(component.id, component);
      const rootId = rootOf.get(component.id) ?? component.id;
      if (component.components.includes(productId)) throw circularProblem([rootId], input);
      for (const id of component.components)
        if (!rootOf.has(id)) {
          rootOf.set(id, rootId);
          level.push(id);
        }
    }
  }
  return new Map([...productsById.values()].map(({ id, version }) => [id, version]));
};
