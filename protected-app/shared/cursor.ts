import type * as z from 'zod';
import { HttpProblem } from './problem.ts';

/** Where a page ended, as text that a client hands back unread: the key of the last item. */
export const cursorOf = (key: Readonly<Record<string, unknown>>): string => Buffer.from(JSON.stringify(key)).toString('base64url');

const jsonOf = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

/** The key in a cursor. The schema says whose list it may be of: a cursor of another list, or one that somebody made up, is a 400. */
export const keyIn = <Schema extends z.ZodType>(schema: Schema, cursor: string): z.infer<Schema> => {
  const key = schema.safeParse(jsonOf(cursor));
  if (key.success) return key.data;
  throw new HttpProblem(400, 'The cursor is not one of this list. Begin without one.', {
    fields: [{ pointer: 'cursor', detail: 'the cursor of an answer to the same question' }],
  });
};
