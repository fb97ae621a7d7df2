import { productPath } from '../schemas/product.ts';
import type { ApiRequest } from '../shared/api-request.ts';
import { HttpProblem, read } from '../shared/problem.ts';
import { type ProductItem, productItem } from '../shared/product-item.ts';
import { getItem, type TableHandle } from '../shared/table.ts';

/** The product that the path names. */
export const findProduct = async (
  { path }: Pick<ApiRequest, 'path'>,
  products: TableHandle,
): Promise<ProductItem> => {
  const { id } = read(productPath, path, 'path');
  const product = await getItem(productItem, products, { id });
  if (product === undefined) throw new HttpProblem(404, 'No product has this id.');
  return product;
};
