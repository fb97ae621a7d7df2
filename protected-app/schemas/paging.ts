import * as z from 'zod';
import { typedText } from './text.ts';

/** Pages are always bounded. The `cursor` of a response is the `cursor` of the next request. */
export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z
    .string()
    .max(1_000)
    .regex(/^[A-Za-z0-9_-]+$/, 'the cursor of an earlier answer, unchanged')
    .optional()
    .describe('The cursor of the previous page. It fits the same filters and order only.'),
});

/**
 * A page with a cursor may hold fewer items than asked for, because a filter looks at a bounded
 * number of records.
 */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item),
    cursor: z.string().nullable().describe('null on the last page.'),
  });

/** Text of a search field, compared without case. */
export const searchText = typedText(100);
