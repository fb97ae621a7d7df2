import * as z from 'zod';
import { type Product, product } from '../schemas/product.ts';
import { listPartition } from '../tables.ts';
import { sortKey } from './text.ts';

/** A product as it is stored. */
export const productItem = product.extend({
  list: z.literal(listPartition),
  nameKey: z.string(),
  priceKey: z.string(),
  /**
   * How many products have this one as a component. The counter is not part of the version: a
   * product does not change when another one refers to it.
   */
  references: z.int().min(0),
});

export type ProductItem = z.infer<typeof productItem>;

/**
 * The index keys that follow from the fields. Prices are sorted within a currency, because 100 yen
 * are not 100 dollars.
 */
export const productKeys = ({
  name,
  price,
}: Pick<Product, 'name' | 'price'>): Pick<ProductItem, 'list' | 'nameKey' | 'priceKey'> => ({
  list: listPartition,
  nameKey: sortKey(name),
  priceKey: `${price.currency}#${String(price.amount).padStart(12, '0')}`,
});

const publicProduct = product.strip();

/** The part of an item that clients see. */
export const productOf = (item: ProductItem): Product => publicProduct.parse(item);

/** The key of the item that names the product with this SKU. Such items are in no index. */
export const skuKey = (sku: string): string => `sku#${sku}`;
