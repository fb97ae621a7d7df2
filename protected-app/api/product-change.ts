import { type ProductInput, productInput } from '../schemas/product.ts';
import type { Caller } from '../shared/caller.ts';
import { etagOf, ifMatch } from '../shared/etag.ts';
import { type Handle, signedIn } from '../shared/http.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { type ProductItem, productKeys, productOf } from '../shared/product-item.ts';
import * as steps from '../shared/product-steps.ts';
import { busy, type Step, type Table, transact } from '../shared/table.ts';
import { findProduct } from './product-find.ts';
import { partsOf } from './product-parts.ts';
import { circular, refusal } from './product-refusal.ts';

export interface Changing {
  readonly products: Table;
  readonly now: () => number;
}

const tries = 4;

const mayChange = ({ createdBy }: ProductItem, { sub, administrator }: Caller): void => {
  if (!administrator && createdBy !== sub)
    throw new HttpProblem(403, 'Only administrators and whoever created a product may change it.');
};

/** The transaction that makes `fields` of what was there before. */
const stepsOf = async (
  before: ProductItem,
  fields: Fields,
  products: Table,
): Promise<readonly Step[]> => {
  const { id, version } = before;
  if (fields.components.includes(id)) throw circular([id], fields);
  const added = fields.components.filter((one) => !before.components.includes(one));
  const gone = before.components.filter((one) => !fields.components.includes(one));
  // What is no component of anything cannot be a part of its own parts, as long as that stays so.
  const unreferenced = added.length > 0 && before.references === 0;
  const parts =
    added.length > 0 && !unreferenced
      ? await partsOf(id, added, { products, input: fields })
      : new Map<string, number>();
  const counted = new Set([...added, ...gone]);
  return [
    steps.change(products, { id, version, unreferenced }, fields),
    ...(fields.sku === before.sku
      ? []
      : [steps.takeSku(products, { sku: fields.sku, id }), steps.freeSku(products, before)]),
    ...added.map((one) => steps.refer(products, { id: one, by: 1, version: parts.get(one) })),
    ...gone.map((one) => steps.refer(products, { id: one, by: -1, version: parts.get(one) })),
    ...[...parts]
      .filter(([one]) => !counted.has(one))
      .map(([one, was]) => steps.unchanged(products, one, was)),
  ];
};

type Fields = ReturnType<typeof fieldsOf>;

const fieldsOf = (input: ProductInput, version: number, now: number) => ({
  ...input,
  ...productKeys(input),
  updatedAt: new Date(now).toISOString(),
  version,
});

/** `PUT /products/{id}`: replaces the version that the client has read, and no other. */
export const changeProduct =
  ({ products, now }: Changing): Handle =>
  async (request) => {
    const caller = signedIn(request);
    const input = read(productInput, request.body, 'body');
    for (let tried = 0; tried < tries; tried += 1) {
      const before = await findProduct(request.path.id, products);
      mayChange(before, caller);
      ifMatch(request.headers['if-match'], before.version);
      const fields = fieldsOf(input, before.version + 1, now());
      const refused = await transact(products.client, await stepsOf(before, fields, products));
      if (refused.length === 0)
        return {
          status: 200,
          headers: { ETag: etagOf(fields.version) },
          body: productOf({ ...before, ...fields }),
        };
      const problem = await refusal(refused, input, products);
      if (problem) throw problem;
    }
    throw busy();
  };
