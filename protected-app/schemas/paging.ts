import * as z from 'zod';

/**
 * A page is bounded whatever was asked for; `cursor` of one answer is the `cursor` of the next
 * question.
 */
export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(1_000).optional(),
});

/**
 * An answer with a cursor may hold fewer items than asked for: a filter looks at a bounded number
 * of records.
 */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    cursor: z.string().nullable().describe('null: there is no more.'),
  });

/** What a person types into a search field: any text, compared without case. */
export const searchText = z.string().trim().min(1).max(100);
