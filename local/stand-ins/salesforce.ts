import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Org, org, type Page, type StandInContact } from './salesforce-org.ts';
import { SoqlError } from './soql.ts';

export type { StandInContact } from './salesforce-org.ts';

/** A request as it arrived and what it got; nothing of the secrets in it. */
export interface SalesforceRequest {
  /** Counts from 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly soql: string | null;
  /** How many records an update has. */
  readonly records: number;
}

/** How the stand-in misbehaves, once. */
export type Trouble =
  | { readonly status: number; readonly retryAfter?: number | string; readonly body?: unknown }
  /** The token is not known any more. */
  | { readonly expired: true }
  | { readonly afterMs: number }
  /** The connection ends without an answer. */
  | { readonly hangUp: true }
  /** Fields of the answer are replaced. */
  | { readonly lie: Readonly<Record<string, unknown>> };

/** Judges by what it was asked; `undefined`: behave as always. */
export type Behaviour = (request: SalesforceRequest) => Trouble | undefined;

export interface SalesforceOptions {
  readonly port?: number;
  readonly contacts: readonly StandInContact[];
  readonly clientId: string;
  readonly clientSecret: string;
  /** So many requests a day, and so many are gone. */
  readonly limit?: { readonly used: number; readonly of: number };
  /** 2,000, as there. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export interface SalesforceStandIn extends Pick<Org, 'contacts' | 'change' | 'remove'> {
  /** What the secret's `loginUrl` has to be. */
  readonly url: string;
  readonly journal: () => readonly (SalesforceRequest & { readonly status: number })[];
  /** From now on; without one, as always. */
  readonly behave: (behaviour?: Behaviour) => void;
  readonly stop: () => Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const refusal = (status: number, errorCode: string, message: string): Reply => ({
  status,
  body: [{ errorCode, message }],
});
const expired = refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

interface State extends Required<Pick<SalesforceOptions, 'clientId' | 'clientSecret'>> {
  readonly org: Org;
  readonly tokens: Set<string>;
  url: string;
}

/**
 * A server that speaks the part of Salesforce's REST API that we use, as strictly as the real one.
 */
export const startSalesforce = async (options: SalesforceOptions): Promise<SalesforceStandIn> => {
  const {
    port = 0,
    contacts,
    clientId,
    clientSecret,
    limit = { used: 0, of: 100_000 },
    pageSize = 2_000,
    now = Date.now,
  } = options;
  const state: State = {
    clientId,
    clientSecret,
    org: org(contacts, { now, pageSize }),
    tokens: new Set(),
    url: '',
  };
  const journal: (SalesforceRequest & { readonly status: number })[] = [];
  let behaviour: Behaviour | undefined;
  let number = 0;
  const server = createServer((incoming, outgoing) => {
    const serve = async (): Promise<void> => {
      const body = await textOf(incoming);
      number += 1;
      const request = requestOf(number, incoming, body);
      const trouble = behaviour?.(request);
      const {
        status,
        headers,
        body: said,
      } = await troubled(trouble, state, () => replyTo(state, request, incoming, body));
      journal.push({ ...request, status });
      if (trouble && 'hangUp' in trouble) return void outgoing.destroy();
      const usage = `api-usage=${limit.used + number}/${limit.of}`;
      outgoing.writeHead(status, {
        'content-type': 'application/json;charset=UTF-8',
        'sforce-limit-info': usage,
        ...headers,
      });
      outgoing.end(JSON.stringify(said));
    };
    serve().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  state.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`;
  return {
    url: state.url,
    contacts: state.org.contacts,
    change: state.org.change,
    remove: state.org.remove,
    journal: () => journal,
    behave: (next) => {
      behaviour = next;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};

const textOf = async (incoming: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
};

const requestOf = (
  number: number,
  { method = '', url = '' }: IncomingMessage,
  body: string,
): SalesforceRequest => {
  const { pathname, searchParams } = new URL(url, 'http://stand-in');
  return {
    number,
    method,
    path: pathname,
    soql: searchParams.get('q'),
    records: recordsOf(body).length,
  };
};

const recordsOf = (body: string): readonly unknown[] => {
  if (!body.startsWith('{')) return [];
  const { records }: { readonly records?: unknown } = JSON.parse(body);
  return Array.isArray(records) ? records : [];
};

const troubled = async (
  trouble: Trouble | undefined,
  { tokens }: State,
  reply: () => Reply,
): Promise<Reply> => {
  if (trouble === undefined || 'hangUp' in trouble) return reply();
  if ('expired' in trouble) {
    tokens.clear();
    return expired;
  }
  if ('afterMs' in trouble) {
    await sleep(trouble.afterMs);
    return reply();
  }
  if ('lie' in trouble) {
    const { body, ...rest } = reply();
    return { ...rest, body: { ...(typeof body === 'object' ? body : {}), ...trouble.lie } };
  }
  const {
    status,
    retryAfter,
    body = [{ errorCode: 'SERVER_UNAVAILABLE', message: 'told to' }],
  } = trouble;
  return {
    status,
    body,
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
  };
};

const replyTo = (
  state: State,
  request: SalesforceRequest,
  { headers }: IncomingMessage,
  body: string,
): Reply => {
  if (request.path === '/services/oauth2/token')
    return tokenFor(state, request, String(headers['content-type']), body);
  if (!state.tokens.has(String(headers.authorization).replace(/^Bearer /, ''))) return expired;
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
  { clientId, clientSecret, tokens, url }: State,
  { method }: SalesforceRequest,
  type: string,
  body: string,
): Reply => {
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
  { org }: State,
  { path, soql }: SalesforceRequest,
  kind: string,
  locator: string | undefined,
): Reply => {
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

const saved = ({ org }: State, body: string): Reply => {
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
