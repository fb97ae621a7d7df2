import type { ProductInput } from '../schemas/product.ts';
import { HttpProblem } from '../shared/problem.ts';
import { productItem, skuKey } from '../shared/product-item.ts';
import { getItem, type TableHandle } from '../shared/table.ts';

const componentProblem = (
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

export const unknownComponentsProblem = (
  ids: readonly string[],
  input: ProductInput,
): HttpProblem =>
  componentProblem(
    'Some components do not exist; "errors" names them.',
    ids,
    input,
    'does not exist',
  );

export const circularProblem = (ids: readonly string[], input: ProductInput): HttpProblem =>
  componentProblem(
    'A product cannot be a component of itself, directly or through others; "errors" names them.',
    ids,
    input,
    'contains this product',
  );

/** The problem that explains the failed conditions; `undefined` if a retry may succeed. */
export const problemOfRefusal = async (
  refused: readonly string[],
  input: ProductInput,
  products: TableHandle,
): Promise<HttpProblem | undefined> => {
  const sku = { pointer: '/sku', detail: `${input.sku} is taken` };
  if (refused.includes(skuKey(input.sku)))
    return new HttpProblem(409, 'Another product has this SKU. Choose another one.', {
      fields: [sku],
    });
  const components = input.components.filter((id) => refused.includes(id));
  const lookups = await Promise.all(
    components.map(async (id) => ({ id, item: await getItem(productItem, products, { id }) })),
  );
  const missingIds = lookups.filter(({ item }) => item === undefined).map(({ id }) => id);
  return missingIds.length > 0 ? unknownComponentsProblem(missingIds, input) : undefined;
};
