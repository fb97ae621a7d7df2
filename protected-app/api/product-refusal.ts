import type { ProductInput } from '../schemas/product.ts';
import { HttpProblem } from '../shared/problem.ts';
import { productItem, skuKey } from '../shared/product-item.ts';
import { getItem, type Table } from '../shared/table.ts';

const wrong = (
  detail: string,
  ids: readonly string[],
  input: ProductInput,
  why: string,
): HttpProblem =>
  new HttpProblem(422, detail, {
    fields: ids.map((id) => ({
      pointer: `/components/${input.components.indexOf(id)}`,
      detail: `${id} ${why}`,
    })),
  });

export const unknownComponents = (ids: readonly string[], input: ProductInput): HttpProblem =>
  wrong('A component does not exist.', ids, input, 'does not exist');

export const circular = (ids: readonly string[], input: ProductInput): HttpProblem =>
  wrong('A product cannot be a part of itself.', ids, input, 'is made of this product');

/**
 * What to tell somebody whose transaction was refused by these conditions; nothing, where looking
 * again may help.
 */
export const refusal = async (
  refused: readonly string[],
  input: ProductInput,
  products: Table,
): Promise<HttpProblem | undefined> => {
  const sku = { pointer: '/sku', detail: `${input.sku} is taken` };
  if (refused.includes(skuKey(input.sku)))
    return new HttpProblem(409, 'Another product has this SKU.', { fields: [sku] });
  const components = input.components.filter((id) => refused.includes(id));
  const found = await Promise.all(
    components.map(async (id) => ({ id, item: await getItem(productItem, products, { id }) })),
  );
  const gone = found.filter(({ item }) => item === undefined).map(({ id }) => id);
  return gone.length > 0 ? unknownComponents(gone, input) : undefined;
};
