import * as z from 'zod';
import { type Product, product } from '../schemas/product.ts';
import { everything } from '../tables.ts';
import { sortKey } from './text.ts';

/** A product as it lies in the table. */
export const productItem = product.extend({
  list: z.literal(everything),
  nameKey: z.string(),
  priceKey: z.string(),
  /**
   * How many products have this one as a component. No part of the version: a counter that moves is
   * no change of the product.
   */
  references: z.int().min(0),
});

export type ProductItem = z.infer<typeof productItem>;

/**
 * What follows from the fields. Prices are compared within a currency: 100 yen are not 100 dollars.
 */
export const productKeys = ({
  name,
  price,
}: Pick<Product, 'name' | 'price'>): Pick<ProductItem, 'list' | 'nameKey' | 'priceKey'> => ({
  list: everything,
  nameKey: sortKey(name),
  priceKey: `${price.currency}#${String(price.amount).padStart(12, '0')}`,
});

const shown = product.strip();

/** What a client sees of an item. */
export const productOf = (item: ProductItem): Product => shown.parse(item);

/** The item that says who has an SKU. It lies beside the products, in no index. */
export const skuKey = (sku: string): string => `sku#${sku}`;
