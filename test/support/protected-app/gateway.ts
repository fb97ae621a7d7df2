import { callerReader } from '../../../protected-app/shared/access-token.ts';
import { type RouteHandler, serve } from '../../../protected-app/shared/http.ts';

export const standard = { sub: '11111111-1111-4111-8111-111111111111', groups: 'standard-users' };
export const other = { sub: '22222222-2222-4222-8222-222222222222', groups: 'standard-users' };
export const administrator = {
  sub: '33333333-3333-4333-8333-333333333333',
  groups: 'administrators',
};

export interface Sent {
  /** `null`: nobody is signed in. */
  readonly as?: { readonly sub: string; readonly groups: string } | null;
  readonly id?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The bytes of the body, where they shall be no JSON of ours. */
  readonly raw?: string;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  readonly body: Record<string, never>;
  readonly text: string;
}

class TokenError extends Error {}

/** A user pool whose tokens are their claims; a text that is no JSON is no token. */
const readCaller = callerReader({
  verify: async (token) => {
    if (token === '') throw new TokenError('no token');
    return JSON.parse(token);
  },
  isAboutToken: (error) => error instanceof TokenError,
});

const tokenOf = ({ sub, groups }: NonNullable<Sent['as']>): string =>
  JSON.stringify({ sub, 'cognito:groups': groups.split(',') });

export const origin = 'https://app.example.test';

/**
 * Sends what the gateway would send, and reads what the gateway would read. `lines` is what was
 * logged.
 */
export const gateway = (
  routes: Readonly<Record<string, RouteHandler>>,
  { isPublic = false } = {},
) => {
  const lines: unknown[][] = [];
  const log = () => ({
    info: (...line: unknown[]) => void lines.push(line),
    warn: (...line: unknown[]) => void lines.push(line),
    error: (...line: unknown[]) => void lines.push(line),
  });
  const handler = serve(routes, { origin, log, ...(isPublic ? {} : { readCaller }) });
  const call = async (
    route: string,
    { as = standard, id, query = {}, headers = {}, body, raw }: Sent = {},
  ): Promise<Got> => {
    const [httpMethod = '', resource = ''] = route.split(' ');
    const answer = await handler({
      httpMethod,
      resource,
      headers: { ...(as && { Authorization: tokenOf(as) }), ...headers },
      pathParameters: id === undefined ? null : { id },
      queryStringParameters: query,
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
      requestContext: { requestId: 'request-1' },
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: answer.body === '' ? {} : JSON.parse(answer.body),
      text: answer.body,
    };
  };
  return { call, lines };
};
