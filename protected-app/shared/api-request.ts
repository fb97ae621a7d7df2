import { type ApiCaller, callerOf } from './caller.ts';
import type { AppLog } from './log.ts';
import { HttpProblem, jsonOnly, noAccessToken } from './problem.ts';

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

/** The request in an event, with its body parsed. */
export const requestOf = (event: GatewayEvent, log: AppLog): ApiRequest => {
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
