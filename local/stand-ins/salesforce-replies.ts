import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Org, Page } from './salesforce-org.ts';
import { SoqlError } from './soql.ts';

/** A request as it arrived, without its secrets. */
export interface SalesforceRequest {
  /** Counts from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly soql: string | null;
  /** How many records an update has. */
  readonly records: number;
}

export interface StandInReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What the replies depend on: the records, the client that may sign in, and its tokens. */
export interface SalesforceState {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly org: Org;
  readonly tokens: Set<string>;
  url: string;
}

const refusal = (status: number, errorCode: string, message: string): StandInReply => ({
  status,
  body: [{ errorCode, message }],
});

export const expiredSession = refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

export const recordsOf = (body: string): readonly unknown[] => {
  if (!body.startsWith('{')) return [];
  const { records }: { readonly records?: unknown } = JSON.parse(body);
  return Array.isArray(records) ? records : [];
};

/** The reply of Salesforce to a request. */
export const replyTo = (
  state: SalesforceState,
  request: SalesforceRequest,
  { headers }: IncomingMessage,
  body: string,
): StandInReply => {
  if (request.path === '/services/oauth2/token')
    return tokenFor(state, request, String(headers['content-type']), body);
  if (!state.tokens.has(String(headers.authorization).replace(/^Bearer /, '')))
    return expiredSession;
  const [, version = '', rest = ''] =
    /^\/services\/data\/v(\d\d)\.0(\/.*)$/.exec(request.path) ?? [];
  if (Number(version) < 60)
    return refusal(404, 'NOT_FOUND', 'The requested resource does not exist');
  const [, kind, locator] = /^\/(query|queryAll)(?:\/([\w-]+))?$/.exec(rest) ?? [];
  if (kind !== undefined && request.method === 'GET') return queried(state, request, kind, locator);
  if (rest === '/composite/sobjects' && request.method === 'PATCH') return saved(state, body);
  return refusal(405, 'METHOD_NOT_ALLOWED', 'HTTP Method not allowed');
};

const tokenFor = (
  { clientId, clientSecret, tokens, url }: SalesforceState,
  { method }: SalesforceRequest,
  type: string,
  body: string,
): StandInReply => {
  const form = new URLSearchParams(body);
  if (
    method !== 'POST' ||
    !type.startsWith('application/x-www-form-urlencoded') ||
    form.get('grant_type') !== 'client_credentials'
  )
    return {
      status: 400,
      body: { error: 'unsupported_grant_type', error_description: 'grant type not supported' },
    };
  if (form.get('client_id') !== clientId)
    return {
      status: 400,
      body: { error: 'invalid_client_id', error_description: 'client identifier invalid' },
    };
  if (form.get('client_secret') !== clientSecret)
    return {
      status: 400,
      body: { error: 'invalid_client', error_description: 'invalid client credentials' },
    };
  const token = `00DSTANDIN!${randomUUID()}`;
  tokens.add(token);
  return {
    status: 200,
    body: {
      access_token: token,
      instance_url: url,
      token_type: 'Bearer',
      issued_at: String(Date.now()),
      scope: 'api',
    },
  };
};

const queried = (
  { org }: SalesforceState,
  { path, soql }: SalesforceRequest,
  kind: string,
  locator: string | undefined,
): StandInReply => {
  try {
    const page =
      locator === undefined ? org.query(soql ?? '', kind === 'queryAll') : org.more(locator);
    return page
      ? { status: 200, body: pageBody(page, path) }
      : refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  } catch (error) {
    if (error instanceof SoqlError) return refusal(400, error.code, error.message);
    throw error;
  }
};

const pageBody = ({ totalSize, records, next }: Page, path: string) => ({
  totalSize,
  done: next === null,
  ...(next !== null && {
    nextRecordsUrl: `${path.replace(/\/(queryAll|query).*$/, '/query')}/${next}`,
  }),
  records,
});

const saved = ({ org }: SalesforceState, body: string): StandInReply => {
  const records = recordsOf(body);
  if (records.length > 200)
    return refusal(
      400,
      'EXCEEDED_ID_LIMIT',
      'record limit reached. cannot submit more than 200 records',
    );
  const { allOrNone }: { readonly allOrNone?: unknown } = JSON.parse(body);
  if (allOrNone !== false)
    return refusal(400, 'INVALID_REQUEST', 'the stand-in saves each record for itself only');
  return { status: 200, body: records.map(org.save) };
};
