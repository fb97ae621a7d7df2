import type * as z from 'zod';
import { HttpProblem } from './problem.ts';

/** The position where a page ended, as a text that the client sends back unchanged. */
export const cursorOf = (position: unknown): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url');

const jsonOf = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

const wrongCursor =
  'The cursor does not belong to this list with these filters and this order. ' +
  'Send the cursor of the previous page, or none to begin with the first page.';

/** The position in a cursor. A cursor of another list, or an invented one, is a 400. */
export const positionIn = <Schema extends z.ZodType>(
  schema: Schema,
  cursor: string,
): z.infer<Schema> => {
  const position = schema.safeParse(jsonOf(cursor));
  if (position.success) return position.data;
  throw new HttpProblem(400, wrongCursor, {
    fields: [
      {
        pointer: 'cursor',
        detail: 'the cursor of the previous page, with the same filters and the same order',
      },
    ],
  });
};
