import * as z from 'zod';
import { pageOf, paging, searchText } from './paging.ts';

/**
 * One line, exactly as it shall be shown: nothing is cut off or put right behind the client's back.
 */
const line = (most: number) =>
  z
    .string()
    .max(most)
    .regex(
      /^(?!\s)\P{C}+(?<!\s)$/u,
      'text without control characters, and without blanks at its ends',
    );

export const productId = z.uuid();

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** No half characters, and no control characters but line ends and tabs. */
const prose = /^[\P{C}\n\r\t\p{Cf}]*$/u;

/** What a client says about a product. */
export const productInput = z.strictObject({
  sku: z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, '2 to 32 capitals, digits and hyphens'),
  name: line(120),
  description: z.string().max(4_000).regex(prose, 'text without control characters').default(''),
  category: line(60),
  price: z.strictObject({
    amount: z.int().min(0).max(100_000_000).describe('In the smallest unit of the currency.'),
    currency: z
      .string()
      .refine((code) => currencies.has(code), 'an ISO 4217 code')
      .meta({ pattern: '^[A-Z]{3}$', description: 'An ISO 4217 code.' }),
  }),
  stock: z.int().min(0).max(1_000_000),
  components: z
    .array(productId)
    .max(20)
    .refine((ids) => new Set(ids).size === ids.length, 'each product once')
    .default([])
    .meta({
      uniqueItems: true,
      description: 'Products that this one is made of; they cannot be removed meanwhile.',
    }),
});

export const product = productInput.extend({
  id: productId,
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  updatedAt: z.iso.datetime(),
  version: z.int().min(1).describe('Also the ETag.'),
});

export const productPage = pageOf(product);

export const productQuery = paging.extend({
  sort: z.enum(['name', '-name', 'price', '-price', 'updatedAt', '-updatedAt']).default('name'),
  q: searchText.optional().describe('Part of the name, the SKU or the category.'),
});

export type ProductInput = z.infer<typeof productInput>;
export type Product = z.infer<typeof product>;
export type ProductQuery = z.infer<typeof productQuery>;
