import type * as z from 'zod';
import { HttpProblem } from './problem.ts';

/** Where a page ended, as text that a client hands back unread. */
export const cursorOf = (place: unknown): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const jsonOf = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

/**
 * The place in a cursor. The schema says of which list it may be: a cursor of another list, or one
 * that somebody made up, is a 400.
 */
export const placeIn = <Schema extends z.ZodType>(
  schema: Schema,
  cursor: string,
): z.infer<Schema> => {
  const place = schema.safeParse(jsonOf(cursor));
  if (place.success) return place.data;
  throw new HttpProblem(
    400,
    'This cursor is not from an answer to the same question. Begin without one.',
    {
      fields: [
        {
          pointer: 'cursor',
          detail: 'the cursor of the page before, with the same filters and the same order',
        },
      ],
    },
  );
};
