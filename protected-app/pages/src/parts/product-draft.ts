import type { Product, ProductInput } from '../api/calls.ts';
import { amountIn, amountText } from './money.ts';

/** A product as somebody types it: every field is text until it is saved. */
export interface ProductDraft {
  sku: string;
  name: string;
  description: string;
  category: string;
  amount: string;
  currency: string;
  stock: string;
  components: string[];
}

export type DraftField = keyof ProductDraft;

export const emptyDraft = (): ProductDraft => ({
  ...{ sku: '', name: '', description: '', category: '', amount: '', currency: 'EUR' },
  ...{ stock: '0', components: [] },
});

export const draftOf = (product: Product): ProductDraft => {
  const { sku, name, description, category, price, stock, components } = product;
  return {
    ...{ sku, name, description, category, stock: String(stock), currency: price.currency },
    amount: amountText(price.amount, price.currency),
    components: [...components],
  };
};

export type DraftErrors = Readonly<Partial<Record<DraftField, string>>>;

/** What the draft lacks, in words; the API has the last word. */
export const errorsIn = (draft: ProductDraft): DraftErrors => ({
  ...(!/^[A-Z0-9][A-Z0-9-]{1,31}$/.test(draft.sku.trim()) && {
    sku: '2 to 32 capital letters, digits and hyphens.',
  }),
  ...(draft.name.trim() === '' && { name: 'A product needs a name.' }),
  ...(draft.category.trim() === '' && { category: 'A product needs a category.' }),
  ...(amountIn(draft.amount, draft.currency) === undefined && {
    amount: 'An amount, such as 19.90.',
  }),
  ...(!/^\d{1,7}$/.test(draft.stock.trim()) && { stock: 'A whole number, 0 or more.' }),
});

/** What is sent; only for a draft without errors. */
export const inputOf = (draft: ProductDraft): ProductInput => ({
  sku: draft.sku.trim(),
  name: draft.name.trim(),
  description: draft.description,
  category: draft.category.trim(),
  price: {
    amount: amountIn(draft.amount, draft.currency) ?? 0,
    currency: draft.currency as ProductInput['price']['currency'],
  },
  stock: Number(draft.stock),
  components: [...draft.components],
});

export const isSame = (left: ProductDraft, right: ProductDraft): boolean =>
  JSON.stringify(inputOf(left)) === JSON.stringify(inputOf(right));

/** The words for the fields, in the order in which they are shown. */
export const draftFields = {
  name: 'Name',
  sku: 'SKU',
  category: 'Category',
  amount: 'Price',
  currency: 'Currency',
  stock: 'Stock',
  description: 'Description',
  components: 'Components',
} as const satisfies Record<DraftField, string>;

export const fieldsThatDiffer = (mine: ProductDraft, theirs: ProductDraft): DraftField[] =>
  Object.keys(draftFields)
    .filter((name): name is DraftField => name in draftFields)
    .filter((name) => JSON.stringify(mine[name]) !== JSON.stringify(theirs[name]));
