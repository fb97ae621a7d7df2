import type { ApiCaller } from './access-token.ts';
import type { AppLog } from './log.ts';
import { HttpProblem, jsonOnly, noAccessToken } from './problem.ts';

/** The part of a request that a route sees. */
export interface ApiRequest<Caller = ApiCaller> {
  /** Throws a 401 where the function verifies no tokens. */
  readonly caller: Caller;
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
    readonly identity?: {
      readonly sourceIp?: string;
      /** Of a route with IAM authorisation: the ARN of the user or session that signed. */
      readonly userArn?: string | null;
    };
  };
}

/** Names in lower case. */
export const headersOf = ({ headers }: GatewayEvent): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(withoutUndefined(headers)).map(([name, text]) => [name.toLowerCase(), text]),
  );

/** The request in an event, with its body parsed. */
export const requestOf = <Caller>(
  event: GatewayEvent,
  {
    caller,
    headers,
    log,
  }: Pick<ApiRequest, 'headers' | 'log'> & { readonly caller: Caller | undefined },
): ApiRequest<Caller> => {
  return {
    get caller(): Caller {
      if (caller === undefined) throw new HttpProblem(401, noAccessToken);
      return caller;
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
