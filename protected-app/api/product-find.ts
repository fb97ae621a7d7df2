import { productId } from '../schemas/product.ts';
import { HttpProblem } from '../shared/problem.ts';
import { type ProductItem, productItem } from '../shared/product-item.ts';
import { getItem, type Table } from '../shared/table.ts';

/** A product by the id in a path. What is no id is nobody's. */
export const findProduct = async (
  id: string | undefined,
  products: Table,
): Promise<ProductItem> => {
  const judged = productId.safeParse(id);
  const item = judged.success
    ? await getItem(productItem, products, { id: judged.data })
    : undefined;
  if (item === undefined) throw new HttpProblem(404, 'There is no such product.');
  return item;
};
