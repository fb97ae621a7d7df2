import type { ShownProblem } from '../KProblem.vue';

export interface FieldProblem {
  /** A JSON pointer into what was sent, or the name of a parameter. */
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemFacts {
  readonly title: string;
  readonly detail: string;
  readonly status?: number;
  readonly type?: string;
  readonly requestId?: string | undefined;
  readonly fields?: readonly FieldProblem[];
  readonly retryAfter?: number | undefined;
  readonly location?: string | undefined;
  /** The whole answer: what a route says besides. */
  readonly body?: object;
}

/** Why a request to the API brought no answer that a page can use. */
export class ApiProblem extends Error implements ShownProblem {
  readonly title: string;
  readonly detail: string;
  /** 0: no answer came. */
  readonly status: number;
  readonly type: string;
  readonly requestId: string | undefined;
  readonly fields: readonly FieldProblem[];
  readonly retryAfter: number | undefined;
  readonly location: string | undefined;
  readonly body: object;

  constructor({ title, detail, status = 0, type = '', fields = [], ...more }: ProblemFacts) {
    super(`${title}: ${detail}`);
    this.name = 'ApiProblem';
    this.title = title;
    this.detail = detail;
    this.status = status;
    this.type = type;
    this.fields = fields;
    this.requestId = more.requestId;
    this.retryAfter = more.retryAfter;
    this.location = more.location;
    this.body = more.body ?? {};
  }
}

const sentenceOf = (given: object, name: string): string | undefined => {
  const text: unknown = Reflect.get(given, name);
  return typeof text === 'string' && text.trim() !== '' ? text.slice(0, 600) : undefined;
};

const fieldsOf = (given: object): readonly FieldProblem[] => {
  const errors: unknown = Reflect.get(given, 'errors');
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, 20).flatMap((problem: unknown) => {
    if (typeof problem !== 'object' || problem === null) return [];
    const [pointer, detail] = [sentenceOf(problem, 'pointer'), sentenceOf(problem, 'detail')];
    return pointer !== undefined && detail !== undefined ? [{ pointer, detail }] : [];
  });
};

const numberIn = (header: string | null): number | undefined =>
  header !== null && /^\d{1,6}$/.test(header) ? Number(header) : undefined;

const gone: ProblemFacts = {
  title: 'No connection',
  detail: 'The application cannot be reached. What you typed is still here; try again.',
};
const tooLate: ProblemFacts = {
  title: 'No answer in time',
  detail: 'The application did not answer in time. Check whether it was done before you repeat it.',
};
const unreadable = 'The application gave an answer that this page cannot read. Try again later.';

/** The problem of a request that ended without an answer. */
export const problemOfFailure = (error: unknown): ApiProblem => {
  if (error instanceof ApiProblem) return error;
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  return new ApiProblem(isLate ? tooLate : gone);
};

/** The problem of an answer that is none of the good ones; whatever it holds, it is only text. */
export const problemOfAnswer = (answer: Response, body: unknown): ApiProblem => {
  const source = typeof body === 'object' && body !== null ? body : {};
  const { status, headers } = answer;
  return new ApiProblem({
    status,
    title: sentenceOf(source, 'title') ?? `HTTP ${status}`,
    detail: sentenceOf(source, 'detail') ?? unreadable,
    type: sentenceOf(source, 'type') ?? '',
    requestId: sentenceOf(source, 'requestId') ?? headers.get('x-amzn-requestid') ?? undefined,
    fields: fieldsOf(source),
    retryAfter: numberIn(headers.get('retry-after')),
    location: headers.get('location') ?? undefined,
    body: source,
  });
};

/** An answer with a good status, but not what was promised: HTML of a proxy, or nothing. */
export const unreadableAnswer = ({ status }: Response): ApiProblem =>
  new ApiProblem({ status, title: 'Unreadable answer', detail: unreadable });
