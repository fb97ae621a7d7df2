import type { ProductInput } from '../schemas/product.ts';
import { HttpProblem } from '../shared/problem.ts';
import { type ProductItem, productItem } from '../shared/product-item.ts';
import { getItem, type Table } from '../shared/table.ts';
import { circular, unknownComponents } from './product-refusal.ts';

/**
 * A transaction has at most 100 steps: this many looks fit beside 20 components that come and 20
 * that go.
 */
const most = 50;

interface Looking {
  readonly products: Table;
  readonly input: ProductInput;
}

/**
 * Everything that the new components of a product are made of, with the version that was read:
 * whoever writes the product must ask for the same versions, or two changes at once could close a
 * circle. Throws where the product is among it.
 */
export const partsOf = async (
  whole: string,
  added: readonly string[],
  { products, input }: Looking,
): Promise<ReadonlyMap<string, number>> => {
  const seen = new Map<string, ProductItem>();
  const from = new Map(added.map((id) => [id, id]));
  for (let level = [...from.keys()]; level.length > 0; ) {
    if (seen.size + level.length > most)
      throw new HttpProblem(422, `The components are made of more than ${most} products.`);
    const items = await Promise.all(level.map((id) => getItem(productItem, products, { id })));
    const gone = level.filter((_, index) => items[index] === undefined);
    if (gone.length > 0) throw unknownComponents(gone, input);
    level = [];
    for (const item of items.filter((one) => one !== undefined)) {
      seen.set(item.id, item);
      const via = from.get(item.id) ?? item.id;
      if (item.components.includes(whole)) throw circular([via], input);
      for (const id of item.components)
        if (!from.has(id)) {
          from.set(id, via);
          level.push(id);
        }
    }
  }
  return new Map([...seen.values()].map(({ id, version }) => [id, version]));
};
