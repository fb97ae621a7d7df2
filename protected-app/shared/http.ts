import type { ApiCaller } from './caller.ts';
import { callerOf } from './caller.ts';
import type { AppLog } from './log.ts';
import {
  administratorsOnly,
  HttpProblem,
  internalError,
  jsonOnly,
  noAccessToken,
  noSuchRoute,
  problemBody,
} from './problem.ts';

/** The part of a request that a route sees. */
export interface ApiRequest {
  /** Throws a 401 if the request is not signed in. */
  readonly caller: ApiCaller;
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, not yet validated; `undefined` without a body. */
  readonly body: unknown;
  readonly requestId: string;
  readonly log: AppLog;
}

export interface ApiResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves one route; its clients and tables are bound already. */
export type RouteHandler = (request: ApiRequest) => Promise<ApiResponse>;

/** The fields of API Gateway's event that are read here. */
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

export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface ServeOptions {
  /** The one origin whose pages may call the API: the front end's. */
  readonly origin: string;
  readonly log: (requestId: string) => AppLog;
}

/** Browsers must neither guess the type of a response, nor store it, nor show it in a frame. */
export const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Lets the pages of one origin read responses, and the headers that say what to do next. */
export const corsHeaders = (origin: string) => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Expose-Headers': 'ETag, Location, Retry-After, x-amzn-RequestId',
  Vary: 'Origin',
});

/** Makes the handler of a function from its routes, by method and path (`GET /products/{id}`). */
export const serve = (
  routes: Readonly<Record<string, RouteHandler>>,
  { origin, log }: ServeOptions,
) => {
  const gatewayResponse = (
    type: string,
    { status, body, headers }: ApiResponse,
  ): GatewayResponse => ({
    statusCode: status,
    headers: {
      ...securityHeaders,
      ...corsHeaders(origin),
      ...(body !== undefined && { 'Content-Type': type }),
      ...headers,
    },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return async (event: GatewayEvent): Promise<GatewayResponse> => {
    const { requestId } = event.requestContext;
    const requestLog = log(requestId);
    const route = `${event.httpMethod} ${event.resource}`;
    const startedAt = performance.now();
    const response = await dispatch(routes[route], event, requestLog).then(
      (response) => gatewayResponse('application/json', response),
      (error: unknown) =>
        gatewayResponse('application/problem+json', problemResponse(error, requestId, requestLog)),
    );
    requestLog.info('request', {
      route,
      status: response.statusCode,
      ms: Math.round(performance.now() - startedAt),
    });
    return response;
  };
};

const dispatch = async (
  handle: RouteHandler | undefined,
  event: GatewayEvent,
  log: AppLog,
): Promise<ApiResponse> => {
  if (handle === undefined) throw new HttpProblem(404, noSuchRoute);
  return handle(requestOf(event, log));
};

/** The errors that AWS gives under load, after the SDK's own retries. */
const throttlingErrors = new Set([
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'TooManyRequestsException',
]);

const tooBusy = 'The service is too busy. Send the request again after the seconds in Retry-After.';

const problemOf = (error: unknown): HttpProblem => {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Error && throttlingErrors.has(error.name))
    return new HttpProblem(503, tooBusy, { headers: { 'Retry-After': '2' } });
  return new HttpProblem(500, internalError);
};

/** The log gets an unexpected error in full; the client gets the id of its request only. */
const problemResponse = (error: unknown, requestId: string, log: AppLog): ApiResponse => {
  const problem = problemOf(error);
  if (problem !== error)
    log.error('failed', error instanceof Error ? error : new Error(String(error)));
  return {
    status: problem.status,
    body: problemBody(problem, requestId),
    headers: problem.headers,
  };
};

const requestOf = (event: GatewayEvent, log: AppLog): ApiRequest => {
  const knownCaller = callerOf(event.requestContext.authorizer ?? {});
  const headers = Object.fromEntries(
    Object.entries(withoutUndefined(event.headers)).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  );
  return {
    get caller(): ApiCaller {
      if (knownCaller === null) throw new HttpProblem(401, noAccessToken);
      return knownCaller;
    },
    path: withoutUndefined(event.pathParameters),
    query: withoutUndefined(event.queryStringParameters),
    headers,
    body: jsonOf(event, headers['content-type']),
    requestId: event.requestContext.requestId,
    log,
  };
};

const withoutUndefined = (
  fields: Readonly<Record<string, string | undefined>> | null | undefined,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields ?? {}).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

/** Without the header API Gateway takes a body for JSON, and so does the function. */
const isJson = (contentType = 'application/json'): boolean =>
  /^application\/json\s*(?:;|$)/i.test(contentType.trim());

const jsonOf = (
  { body, isBase64Encoded = false }: GatewayEvent,
  contentType: string | undefined,
): unknown => {
  if (!body) return undefined;
  if (!isJson(contentType)) throw new HttpProblem(415, jsonOnly);
  try {
    return JSON.parse(isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body);
  } catch {
    throw new HttpProblem(400, 'The body is not valid JSON.');
  }
};

/** Throws a 401 if the request is not signed in. */
export const requireSignedIn = ({ caller }: ApiRequest): ApiCaller => caller;

/** Throws a 403 for all but administrators, also where the gateway has checked the group before. */
export const requireAdministrator = ({ caller }: ApiRequest): ApiCaller => {
  if (!caller.isAdministrator) throw new HttpProblem(403, administratorsOnly);
  return caller;
};
