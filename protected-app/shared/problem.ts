import type * as z from 'zod';
import type { Problem } from '../schemas/problem.ts';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  412: 'Changed by another request',
  413: 'Request too large',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  428: 'If-Match required',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Temporarily unavailable',
  504: 'No answer in time',
};

/** The title of every problem with this status, whether a function or the gateway refuses. */
export const titleOf = (status: number): string => titles[status] ?? 'Error';

/** All that a client is told of an unexpected error; the log has the rest. */
export const internalError =
  'Internal error. The request was not processed; ' +
  'try again, and quote the request id if it persists.';

export const noAccessToken =
  'No valid access token was sent. Sign in, and send the access token in the header Authorization.';

export const administratorsOnly = 'Only members of the group administrators may do this.';

/** The type of the problem that a part of the application is stopped. */
export const stoppedType = 'urn:problem:stopped';

export const noSuchRoute = 'The API has no route with this method and path.';

export const jsonOnly = 'Send the body as JSON, with the header Content-Type: application/json.';

type FieldProblems = NonNullable<Problem['errors']>;

interface ProblemParts {
  readonly fields: FieldProblems;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, unknown>>;
}

/** The one error that a route throws on purpose: the client is shown its text. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly fields: FieldProblems;
  readonly headers: Readonly<Record<string, string>>;
  /** Members that this kind of problem has besides (RFC 9457, 3.2). */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    detail: string,
    { fields = [], headers = {}, members = {} }: Partial<ProblemParts> = {},
  ) {
    super(detail);
    this.name = 'HttpProblem';
    this.status = status;
    this.fields = fields;
    this.headers = headers;
    this.members = members;
  }
}

/** The body of the response. */
export const problemBody = (
  { status, message, fields, members }: HttpProblem,
  requestId: string,
): Problem => ({
  ...members,
  type: 'about:blank',
  title: titleOf(status),
  status,
  detail: message,
  requestId,
  ...(fields.length > 0 && { errors: fields }),
});

const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

const invalidDetails = {
  body: 'The body is invalid; "errors" names each field and what is wanted.',
  query: 'The query is invalid; "errors" names each parameter and what is wanted.',
  path: 'The path is invalid; "errors" names each parameter and what is wanted.',
} as const;

/** Parses input of a client; a 400 names every invalid field and what is wanted. */
export const read = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  where: keyof typeof invalidDetails,
): z.infer<Schema> => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
    pointer: (where === 'body' ? pointerOf(path) : path.map(String).join('.')).slice(0, 200),
    detail: message.slice(0, 300),
  }));
  throw new HttpProblem(400, invalidDetails[where], { fields });
};
