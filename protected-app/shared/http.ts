import type { ApiCaller } from './access-token.ts';
import { type ApiRequest, type GatewayEvent, headersOf, requestOf } from './api-request.ts';
import type { AppLog } from './log.ts';
import {
  administratorsOnly,
  HttpProblem,
  internalError,
  noSuchRoute,
  problemBody,
} from './problem.ts';

export interface ApiResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Serves one route; its clients and tables are bound already. */
export type RouteHandler<Caller = ApiCaller> = (
  request: ApiRequest<Caller>,
) => Promise<ApiResponse>;

export interface GatewayResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

type ReadCaller<Caller> = (
  authorization: string | undefined,
  event: GatewayEvent,
) => Promise<Caller>;

interface ServeOptions<Caller> {
  /** The one origin whose pages may call the API: the front end's. None without it. */
  readonly origin?: string;
  readonly log: (requestId: string) => AppLog;
  /**
   * Reads the caller from the header `Authorization`, or from what the gateway has verified, or
   * throws a 401. A function without it serves everybody.
   */
  readonly readCaller?: ReadCaller<Caller>;
  /** Hears of each request when it is answered. It never fails. */
  readonly answered?: (request: Answered<Caller>) => Promise<void>;
}

interface Answered<Caller> {
  readonly event: GatewayEvent;
  /** Nothing where the request brought no valid token. */
  readonly caller: Caller | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
export const serve = <Caller = ApiCaller>(
  routes: Readonly<Record<string, RouteHandler<Caller>>>,
  { origin, log, readCaller: read, answered }: ServeOptions<Caller>,
) => {
  const gatewayResponse = (
    type: string,
    { status, body, headers }: ApiResponse,
  ): GatewayResponse => ({
    statusCode: status,
    headers: {
      ...securityHeaders,
      ...(origin !== undefined && corsHeaders(origin)),
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
    let caller: Caller | undefined;
    const readCaller: ReadCaller<Caller> | undefined =
      read &&
      (async (authorization, request) => {
        caller = await read(authorization, request);
        return caller;
      });
    const response = await dispatch(routes[route], event, { log: requestLog, readCaller }).then(
      (response) => gatewayResponse('application/json', response),
      (error: unknown) =>
        gatewayResponse('application/problem+json', problemResponse(error, requestId, requestLog)),
    );
    requestLog.info('request', {
      route,
      status: response.statusCode,
      ms: Math.round(performance.now() - startedAt),
    });
    const { statusCode: status, headers, body } = response;
    await answered?.({ event, caller, status, headers, body });
    return response;
  };
};

const dispatch = async <Caller>(
  handle: RouteHandler<Caller> | undefined,
  event: GatewayEvent,
  {
    log,
    readCaller,
  }: { readonly log: AppLog; readonly readCaller: ReadCaller<Caller> | undefined },
): Promise<ApiResponse> => {
  if (handle === undefined) throw new HttpProblem(404, noSuchRoute);
  const headers = headersOf(event);
  const caller = await readCaller?.(headers.authorization, event);
  return handle(requestOf(event, { caller, headers, log }));
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

/** Throws a 401 if the request is not signed in. */
export const requireSignedIn = ({ caller }: ApiRequest): ApiCaller => caller;

/** Throws a 403 for all but administrators, also where the gateway has checked the group before. */
export const requireAdministrator = ({ caller }: ApiRequest): ApiCaller => {
  if (!caller.isAdministrator) throw new HttpProblem(403, administratorsOnly);
  return caller;
};
