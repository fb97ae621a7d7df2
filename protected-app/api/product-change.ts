import { type ProductInput, productInput } from '../schemas/product.ts';
import type { ApiCaller } from '../shared/access-token.ts';
import { etagOf, requireIfMatch } from '../shared/etag.ts';
import { type RouteHandler, requireSignedIn } from '../shared/http.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { type ProductItem, productKeys, productOf } from '../shared/product-item.ts';
import * as steps from '../shared/product-steps.ts';
import {
  conflictProblem,
  type TableHandle,
  type TransactionStep,
  transact,
} from '../shared/table.ts';
import { findProduct } from './product-find.ts';
import { readComponentTree } from './product-parts.ts';
import { circularProblem, problemOfRefusal } from './product-refusal.ts';

export interface ChangeProductDeps {
  readonly products: TableHandle;
  readonly now: () => number;
}

const maxAttempts = 4;

const requireMayChange = (
  { createdBy }: ProductItem,
  { sub, isAdministrator }: ApiCaller,
): void => {
  if (!isAdministrator && createdBy !== sub)
    throw new HttpProblem(
      403,
      'Only administrators and the user who created a product may change it.',
    );
};

/** The transaction that replaces `before` by `fields`. */
const changeSteps = async (
  before: ProductItem,
  fields: ChangedFields,
  products: TableHandle,
): Promise<readonly TransactionStep[]> => {
  const { id, version } = before;
  if (fields.components.includes(id)) throw circularProblem([id], fields);
  const addedIds = fields.components.filter((added) => !before.components.includes(added));
  const removedIds = before.components.filter((removed) => !fields.components.includes(removed));
  // A product that no other product refers to cannot be a component of its own components. The
  // transaction checks that this stays so.
  const mustBeUnreferenced = addedIds.length > 0 && before.references === 0;
  const readVersions =
    addedIds.length > 0 && !mustBeUnreferenced
      ? await readComponentTree(id, addedIds, { products, input: fields })
      : new Map<string, number>();
  const changedIds = new Set([...addedIds, ...removedIds]);
  return [
    steps.change(products, { id, version, mustBeUnreferenced }, fields),
    ...(fields.sku === before.sku
      ? []
      : [steps.takeSku(products, { sku: fields.sku, id }), steps.freeSku(products, before)]),
    ...addedIds.map((componentId) =>
      steps.refer(products, { id: componentId, delta: 1, version: readVersions.get(componentId) }),
    ),
    ...removedIds.map((componentId) =>
      steps.refer(products, { id: componentId, delta: -1, version: readVersions.get(componentId) }),
    ),
    ...[...readVersions]
      .filter(([checkedId]) => !changedIds.has(checkedId))
      .map(([checkedId, version]) => steps.unchanged(products, checkedId, version)),
  ];
};

type ChangedFields = ReturnType<typeof fieldsOf>;

const fieldsOf = (input: ProductInput, version: number, now: number) => ({
  ...input,
  ...productKeys(input),
  updatedAt: new Date(now).toISOString(),
  version,
});

/** `PUT /products/{id}`: replaces the version that the client has read, and no other. */
export const changeProduct =
  ({ products, now }: ChangeProductDeps): RouteHandler =>
  async (request) => {
    const caller = requireSignedIn(request);
    const input = read(productInput, request.body, 'body');
    for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
      const before = await findProduct(request, products);
      requireMayChange(before, caller);
      requireIfMatch(request.headers['if-match'], before.version);
      const fields = fieldsOf(input, before.version + 1, now());
      const refusedLabels = await transact(
        products.client,
        await changeSteps(before, fields, products),
      );
      if (refusedLabels.length === 0)
        return {
          status: 200,
          headers: { ETag: etagOf(fields.version) },
          body: productOf({ ...before, ...fields }),
        };
      const problem = await problemOfRefusal(refusedLabels, input, products);
      if (problem) throw problem;
    }
    throw conflictProblem();
  };
