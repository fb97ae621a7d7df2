import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { isSentToLoopback } from '../door.ts';
import { discard, readBodyStart } from './body.ts';
import { forwarding } from './forward.ts';
import type { Inspected } from './inspected.ts';
import { EdgeProblem, rawProblem, sendProblem } from './problem.ts';
import type { Refusal, Ruleset, Unjudged } from './ruleset.ts';
import { onEngine, type RequestTarget, readTarget } from './target.ts';

export interface EdgeOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /** The address of the engine. */
  readonly endpoint: string;
  readonly ruleset: Ruleset;
  readonly apiId: string;
  readonly stage: string;
  /** Believe `X-Forwarded-For`, so that one machine can play several clients. */
  readonly trustForwarded?: boolean;
  readonly now?: () => number;
  /** Called with errors of the edge itself; prints them by default. */
  readonly onError?: (error: unknown) => void;
  /** For the answer of the engine, for the headers of a client, and for its whole request. */
  readonly timeouts?: {
    readonly waitMs?: number;
    readonly headersMs?: number;
    readonly requestMs?: number;
  };
}

export interface Tally {
  readonly passed: number;
  /** By rule; `edge` counts requests that are not valid HTTP or have no valid path. */
  readonly refused: Readonly<Record<string, number>>;
  readonly counted: Readonly<Record<string, number>>;
}

export interface Edge {
  /** Ends with the stage, as on AWS. */
  readonly url: string;
  readonly port: number;
  readonly judged: readonly string[];
  readonly notJudged: readonly Unjudged[];
  readonly tally: () => Tally;
  readonly stop: () => Promise<void>;
}

const withoutIpv4Prefix = (address: string): string => address.replace(/^::ffff:/, '');

const addressOf = ({ headers, socket }: IncomingMessage, trusted: boolean): string => {
  const [client = ''] = String(headers['x-forwarded-for'] ?? '').split(/\s*,\s*/);
  return trusted && isIP(client) !== 0 ? client : withoutIpv4Prefix(socket.remoteAddress ?? '');
};

const headersOf = ({ rawHeaders }: IncomingMessage): [string, string][] =>
  rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name.toLowerCase(), rawHeaders[index + 1] ?? '']] : [],
  );

/** Sends a refusal with a request id, as API Gateway does. */
const refuse = (
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Refusal,
): void => {
  response.writeHead(status, {
    ...headers,
    'x-amzn-requestid': randomUUID(),
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
  discard(request);
};

const makeCounters = () => {
  const [refused, counted] = [new Map<string, number>(), new Map<string, number>()];
  let passed = 0;
  const increment = (counts: Map<string, number>, name: string): unknown =>
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    pass: (): number => (passed += 1),
    refuse: (rule: string): unknown => increment(refused, rule),
    count: (rules: readonly string[]): void =>
      rules.forEach((rule) => void increment(counted, rule)),
    tally: (): Tally => ({
      passed,
      refused: Object.fromEntries(refused),
      counted: Object.fromEntries(counted),
    }),
  };
};

const requestHandler = (options: EdgeOptions) => {
  const {
    ruleset,
    apiId,
    stage,
    trustForwarded = false,
    now = Date.now,
    onError = console.error,
  } = options;
  const forward = forwarding({ endpoint: options.endpoint, waitMs: options.timeouts?.waitMs });
  const counts = makeCounters();
  const inspect = async (request: IncomingMessage, target: RequestTarget) => {
    const bodyStart = await readBodyStart(request, ruleset.bodyBytes);
    const address = addressOf(request, trustForwarded);
    const body = bodyStart.bytes.subarray(0, ruleset.bodyBytes).toString('latin1');
    const inspected: Inspected = {
      address,
      method: request.method ?? '',
      ...target,
      headers: headersOf(request),
      body,
      oversize: bodyStart.oversize,
    };
    return { bodyStart, address, verdict: ruleset.judge(inspected, now()) };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // The API decides itself which origins may read its answers, as on AWS.
    if (!isSentToLoopback(request.headers)) throw new EdgeProblem(403, 'This name is not served.');
    const target = readTarget(request.url ?? '');
    const { bodyStart, address, verdict } = await inspect(request, target);
    counts.count(verdict.counted);
    if (verdict.refusal) {
      counts.refuse(verdict.rule ?? 'default action');
      return refuse(request, response, verdict.refusal);
    }
    counts.pass();
    const path = onEngine(target, apiId, stage);
    await forward.pass({ request, response, path, address, bodyStart });
  };
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((error: unknown) => {
      const problem =
        error instanceof EdgeProblem ? error : new EdgeProblem(502, 'The edge failed.');
      if (problem !== error) onError(error);
      if (problem.status < 500) counts.refuse('edge');
      if (response.headersSent || response.destroyed) response.destroy();
      else {
        sendProblem(response, problem);
        discard(request);
      }
    });
  };
  return { handle, counts, stop: forward.stop };
};

const unreadable: Readonly<Record<string, EdgeProblem>> = {
  HPE_HEADER_OVERFLOW: new EdgeProblem(431, 'The headers are too large.'),
  ERR_HTTP_REQUEST_TIMEOUT: new EdgeProblem(408, 'The request took too long.'),
};

/**
 * Answers a request that the HTTP parser refuses, for example one with two lengths, with a length
 * and chunks, or with a header that continues on the next line.
 */
const whenUnreadable = (error: Error & { readonly code?: string }, socket: Duplex): void => {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  socket.end(
    rawProblem(unreadable[error.code ?? ''] ?? new EdgeProblem(400, 'This is not proper HTTP.')),
    () => socket.destroy(),
  );
};

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Time limits and the header size of a client, as documented by API Gateway where it does. */
const limits = { maxHeaderSize: 10_240, headersMs: 10_000, requestMs: 30_000, connections: 512 };

/** Starts the firewall in front of the engine's API, on the loopback interface only. */
export const startEdge = async (options: EdgeOptions): Promise<Edge> => {
  const { handle, counts, stop } = requestHandler(options);
  const { headersMs = limits.headersMs, requestMs = limits.requestMs } = options.timeouts ?? {};
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderSize,
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1000, headersMs),
      insecureHTTPParser: false,
    },
    handle,
  );
  server.maxConnections = limits.connections;
  server.on('clientError', (error, socket) => {
    counts.refuse('edge');
    whenUnreadable(error, socket);
  });
  const port = await listening(server, options.port);
  return {
    url: `http://127.0.0.1:${port}/${options.stage}`,
    port,
    judged: options.ruleset.judged,
    notJudged: options.ruleset.notJudged,
    tally: counts.tally,
    stop: async () => {
      stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
