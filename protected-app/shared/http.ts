import type { Caller } from './caller.ts';
import { callerOf } from './caller.ts';
import type { Log } from './log.ts';
import { HttpProblem, problemBody } from './problem.ts';

/** What a route gets to see of a request. */
export interface Request {
  /** Throws a 401 where nobody is signed in. */
  readonly caller: Caller;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, not yet judged; `undefined` where there is none. */
  readonly body: unknown;
  readonly requestId: string;
  readonly log: Log;
}

export interface Response {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route, with everything that it needs already at hand. */
export type Handle = (request: Request) => Promise<Response>;

/** What the gateway sends; only what we read of it. */
export interface GatewayEvent {
  readonly httpMethod: string;
  readonly resource: string;
  readonly headers?: Readonly<Record<string, string | undefined>> | null;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string | undefined>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly authorizer?: Readonly<Record<string, unknown>> | null;
  };
}

export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Serving {
  /** The one origin whose pages may call: the front end's. */
  readonly origin: string;
  readonly log: (requestId: string) => Log;
}

/** Browsers shall neither guess what an answer is, nor keep it, nor show it inside another page. */
export const safety = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
} as const;

/**
 * Lets the pages of one origin read an answer, and those of its headers that say what to do next.
 */
export const cors = (origin: string) => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'ETag, Location, Retry-After, x-amzn-RequestId',
  Vary: 'Origin',
});

/** Makes the handler of a function from its routes, by method and path (`GET /products/{id}`). */
export const serve = (routes: Readonly<Record<string, Handle>>, { origin, log }: Serving) => {
  const answer = (type: string, { status, body, headers }: Response): GatewayAnswer => ({
    statusCode: status,
    headers: {
      ...safety,
      ...cors(origin),
      ...(body !== undefined && { 'Content-Type': type }),
      ...headers,
    },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return async (event: GatewayEvent): Promise<GatewayAnswer> => {
    const { requestId } = event.requestContext;
    const line = log(requestId);
    const route = `${event.httpMethod} ${event.resource}`;
    const began = performance.now();
    const served = await one(routes[route], event, line).then(
      (response) => answer('application/json', response),
      (error: unknown) => answer('application/problem+json', refusal(error, requestId, line)),
    );
    line.info('request', {
      route,
      status: served.statusCode,
      ms: Math.round(performance.now() - began),
    });
    return served;
  };
};

const one = async (
  handle: Handle | undefined,
  event: GatewayEvent,
  log: Log,
): Promise<Response> => {
  if (handle === undefined) throw new HttpProblem(404, 'There is no such route.');
  return handle(requestOf(event, log));
};

/** What AWS says when it has no room just now, after the SDK has tried again. */
const throttled = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

const problemOf = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Error && throttled.has(error.name))
    return new HttpProblem(503, 'There is too much to do just now. Try again in a moment.', {
      headers: { 'Retry-After': '2' },
    });
  return new HttpProblem(500, 'Something went wrong here. Nothing that you can do better.');
};

/** A mistake of ours is told to us in full, and to the client only as its number. */
const refusal = (error: unknown, requestId: string, log: Log): Response => {
  const problem = problemOf(error);
  if (problem !== error)
    log.error('failed', error instanceof Error ? error : new Error(String(error)));
  return {
    status: problem.status,
    body: problemBody(problem, requestId),
    headers: problem.headers,
  };
};

const requestOf = (event: GatewayEvent, log: Log): Request => {
  const found = callerOf(event.requestContext.authorizer ?? {});
  return {
    get caller(): Caller {
      if (found === null) throw new HttpProblem(401, 'Sign in, and send the access token.');
      return found;
    },
    path: defined(event.pathParameters),
    query: defined(event.queryStringParameters),
    headers: Object.fromEntries(
      Object.entries(defined(event.headers)).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: jsonOf(event),
    requestId: event.requestContext.requestId,
    log,
  };
};

const defined = (
  values: Readonly<Record<string, string | undefined>> | null | undefined,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

const jsonOf = ({ body, isBase64Encoded = false }: GatewayEvent): unknown => {
  if (!body) return undefined;
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    throw new HttpProblem(400, 'The body is not JSON.');
  }
};

/** For what whoever is signed in may do. */
export const signedIn = ({ caller }: Request): Caller => caller;

/**
 * For what only administrators may do: asked again here, whatever the gateway is configured to do.
 */
export const administratorOnly = ({ caller }: Request): Caller => {
  if (!caller.administrator) throw new HttpProblem(403, 'This is for administrators.');
  return caller;
};
