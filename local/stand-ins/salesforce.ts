import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAdmitted, turnAway } from '../door.ts';
import { type Org, org, type StandInContact } from './salesforce-org.ts';
import {
  expiredSession,
  recordsOf,
  replyTo,
  type SalesforceRequest,
  type SalesforceState,
  type StandInReply,
} from './salesforce-replies.ts';

export type { StandInContact } from './salesforce-org.ts';

/** A request and the status of its reply. */
export type JournalEntry = SalesforceRequest & { readonly status: number };

/** A failure in place of the usual reply to one request. */
export type Trouble =
  | { readonly status: number; readonly retryAfter?: number | string; readonly body?: unknown }
  /** All access tokens become invalid. */
  | { readonly expired: true }
  | { readonly afterMs: number }
  /** The connection ends without a reply. */
  | { readonly hangUp: true }
  /** Fields of the reply are replaced. */
  | { readonly lie: Readonly<Record<string, unknown>> };

/** Chooses the trouble for a request; `undefined` chooses the usual reply. */
export type SalesforceBehaviour = (request: SalesforceRequest) => Trouble | undefined;

export interface SalesforceOptions {
  readonly port?: number;
  readonly contacts: readonly StandInContact[];
  readonly clientId: string;
  readonly clientSecret: string;
  /** The daily limit of API requests, and how many of them are used at the start. */
  readonly limit?: { readonly used: number; readonly of: number };
  /** Records in a page; 2,000 by default, as in Salesforce. */
  readonly pageSize?: number;
  readonly now?: () => number;
}

export interface SalesforceStandIn extends Pick<Org, 'contacts' | 'change' | 'remove'> {
  /** The `loginUrl` for the secret of the application. */
  readonly url: string;
  readonly journal: () => readonly JournalEntry[];
  /** Sets the behaviour from now on; without an argument, the default. */
  readonly behave: (behaviour?: SalesforceBehaviour) => void;
  readonly stop: () => Promise<void>;
}

/** Serves the API from `state`, and records each request in `journal`. */
const serverOf = (
  state: SalesforceState,
  journal: JournalEntry[],
  limit: { readonly used: number; readonly of: number },
  troubleFor: SalesforceBehaviour,
): Server => {
  let number = 0;
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await textOf(incoming);
    number += 1;
    const request = requestOf(number, incoming, body);
    const trouble = troubleFor(request);
    const reply = await troubled(trouble, state, () => replyTo(state, request, incoming, body));
    journal.push({ ...request, status: reply.status });
    if (trouble && 'hangUp' in trouble) return void outgoing.destroy();
    outgoing.writeHead(reply.status, {
      'content-type': 'application/json;charset=UTF-8',
      'sforce-limit-info': `api-usage=${limit.used + number}/${limit.of}`,
      ...reply.headers,
    });
    outgoing.end(JSON.stringify(reply.body));
  };
  return createServer((incoming, outgoing) => {
    if (!isAdmitted(incoming)) return turnAway(outgoing);
    serve(incoming, outgoing).catch((error: unknown) =>
      outgoing.destroy(error instanceof Error ? error : undefined),
    );
  });
};

/** Starts a server with the part of Salesforce's REST API that the application uses. */
export const startSalesforce = async (options: SalesforceOptions): Promise<SalesforceStandIn> => {
  const { port = 0, limit = { used: 0, of: 100_000 }, pageSize = 2_000, now = Date.now } = options;
  const state: SalesforceState = {
    clientId: options.clientId,
    clientSecret: options.clientSecret,
    org: org(options.contacts, { now, pageSize }),
    tokens: new Set(),
    url: '',
  };
  const journal: JournalEntry[] = [];
  let behaviour: SalesforceBehaviour | undefined;
  const server = serverOf(state, journal, limit, (request) => behaviour?.(request));
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

const troubled = async (
  trouble: Trouble | undefined,
  { tokens }: SalesforceState,
  reply: () => StandInReply,
): Promise<StandInReply> => {
  if (trouble === undefined || 'hangUp' in trouble) return reply();
  if ('expired' in trouble) {
    tokens.clear();
    return expiredSession;
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
