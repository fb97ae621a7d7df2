import type * as z from 'zod';
import type { Problem } from '../schemas/problem.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Changed meanwhile',
  413: 'Too large',
  415: 'Wrong media type',
  422: 'Cannot be done',
  428: 'If-Match is missing',
  429: 'Too many requests',
  500: 'Our mistake',
  503: 'Try again later',
};

type Fields = NonNullable<Problem['errors']>;

/** A request that cannot be served, and why: the one error that a handler throws on purpose. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly fields: Fields;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    { fields = [], headers = {} }: { fields?: Fields; headers?: Record<string, string> } = {},
  ) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}

/** What the client is shown. */
export const problemBody = (
  { status, message, fields }: HttpProblem,
  requestId: string,
): Problem => ({
  type: 'about:blank',
  title: titles[status] ?? 'Error',
  status,
  detail: message,
  requestId,
  ...(fields.length > 0 && { errors: fields }),
});

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Reads what came from outside; a 400 names every field that is wrong and what was wanted. */
export const read = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where: 'body' | 'query',
): z.infer<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = result.error.issues.slice(0, 20).map(({ path, message }) => ({
    pointer: (where === 'body' ? pointerOf(path) : path.map(String).join('.')).slice(0, 200),
    detail: message.slice(0, 300),
  }));
  throw new HttpProblem(400, `The ${where} is not what this route takes.`, { fields });
};
