import * as z from 'zod';
import { pageOf, paging, searchText } from './paging.ts';
import { limitedText, visibleLine, visibleLines } from './text.ts';

/** One line that is stored as it was sent: nothing is trimmed or corrected silently. */
const oneLine = (maxLength: number) =>
  limitedText(maxLength)
    .regex(visibleLine, 'text without control characters, and without blanks at its ends')
    .refine((text) => text.isWellFormed(), 'text of whole characters (no unpaired surrogates)');

export const productId = z.uuid();
export const productPath = z.object({ id: productId });

export const currency = z
  .enum(Intl.supportedValuesOf('currency'), 'an ISO 4217 code')
  .describe('An ISO 4217 code.');

/** The fields of a product that a client sets. */
export const productInput = z.strictObject({
  sku: z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, '2 to 32 capitals, digits and hyphens'),
  name: oneLine(120),
  /** In UTF-16 units: 4,000 escaped emoji would exceed the body limit of the firewall. */
  description: z
    .string()
    .max(4_000)
    .regex(visibleLines, 'text without control characters')
    .refine((text) => text.isWellFormed(), 'text of whole characters (no unpaired surrogates)')
    .default(''),
  category: oneLine(60),
  price: z.strictObject({
    amount: z.int().min(0).max(100_000_000).describe('In the smallest unit of the currency.'),
    currency,
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
