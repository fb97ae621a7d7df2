import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { CordonError } from '../operator/errors.ts';
import { output, type Place, type StackName } from '../operator/place.ts';
import { isAdmitted, turnAway } from './door.ts';

/** Where a browser finds a site: a name of this machine, and so a secure context. */
export const siteAddress = (name: string, port: number): string =>
  `http://${name}.localhost:${port}`;

export interface LocalSiteServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Where requests go on, and what the pages are told of the deployment. */
interface Behind {
  readonly engine: URL;
  /** The address of the API, with its stage. */
  readonly api: URL;
  /** The name of the distribution. */
  readonly distribution: string;
  /** Whether its pages follow links to evidence. */
  readonly hasEvidence: boolean;
  readonly config: string;
}

/** Headers of one connection, of a browser, or that only a proxy may set. */
const dropped = new Set([
  ...['host', 'connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'],
  ...['expect', 'cookie', 'origin', 'referer', 'forwarded'],
]);
const isDropped = (name: string): boolean =>
  dropped.has(name) || /^(x-forwarded-|sec-|proxy-)/.test(name);

const headersOf = ({ headers }: IncomingMessage): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isDropped(name)));

interface Onward {
  readonly port: number;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
}

/** Sends a request on and its answer back. */
const pass = (
  request: IncomingMessage,
  response: ServerResponse,
  { port, path, headers }: Onward,
): void => {
  const out = httpRequest({ host: '127.0.0.1', port, path, method: request.method, headers });
  out.once('response', (answer) => {
    const { connection: _hop, 'transfer-encoding': _coding, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, kept);
    answer.once('error', () => response.destroy()).pipe(response);
  });
  out.once('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { 'content-type': 'text/plain' }).end('Nothing answers.\n');
  });
  response.once('close', () => void out.destroy());
  request.pipe(out);
};

/** Links to evidence lead to the engine under its own name, which is what they are signed for. */
const evidenceFolder = '/evidence-links/';
const isEvidenceLink = (url: string): boolean =>
  url.startsWith(evidenceFolder) && /[?&]X-Amz-Signature=[0-9a-f]{64}(&|$)/.test(url);

const cognitoTarget = /^AWSCognitoIdentityProviderService\.\w+$/;

/** Which server a request goes to; nothing for one that no page sends. */
const onward = (request: IncomingMessage, behind: Behind): Onward | undefined => {
  const { url = '/', method = 'GET' } = request;
  const headers = headersOf(request);
  const enginePort = Number(behind.engine.port);
  if (url.startsWith('/v1/'))
    return {
      port: Number(behind.api.port),
      path: `${behind.api.pathname.replace(/\/$/, '')}${url.slice('/v1'.length)}`,
      headers: { ...headers, host: behind.api.host },
    };
  if (url === '/cognito/')
    return method === 'POST' && cognitoTarget.test(String(headers['x-amz-target'] ?? ''))
      ? { port: enginePort, path: '/', headers: { ...headers, host: behind.engine.host } }
      : undefined;
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const { authorization: _none, ...plain } = headers;
  if (behind.hasEvidence && isEvidenceLink(url))
    return {
      port: enginePort,
      path: url.slice(evidenceFolder.length - 1),
      headers: { ...plain, host: behind.engine.host },
    };
  // CloudFront ends TLS; here nothing does, so it is told that something has.
  const viewer = { host: behind.distribution, 'x-forwarded-proto': 'https' };
  return { port: enginePort, path: url, headers: { ...plain, ...viewer } };
};

const serve = (behind: Behind) => (request: IncomingMessage, response: ServerResponse) => {
  if (!isAdmitted(request)) return turnAway(response);
  if (request.url === '/config.json') {
    response.writeHead(200, {
      'content-type': 'application/json',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    return void response.end(behind.config);
  }
  const target = onward(request, behind);
  if (target) return pass(request, response, target);
  response.writeHead(405, { 'content-type': 'text/plain', connection: 'close' });
  response.end('Pages send no such request.\n');
};

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** A site of a deployment: its stack names everything that its pages need. */
export interface LocalSite {
  readonly name: string;
  readonly stack: StackName;
  /** Whether its pages follow links to evidence. */
  readonly hasEvidence?: true;
  /** Names of outputs of the stack. */
  readonly outputs: {
    readonly domain: string;
    readonly userPoolId: string;
    readonly userPoolClientId: string;
  };
}

/**
 * Serves a site under one local name: the files from the engine's CloudFront with all its headers,
 * the API at its address, and the sign-in from the engine's Cognito. On AWS each has an address of
 * its own; here one origin stands for all, so that the policy of the pages is the same, byte for
 * byte. `config.json` is the only file that differs.
 */
export const startSite = async (
  place: Place,
  { name, stack, outputs, hasEvidence }: LocalSite,
  { port, api }: { readonly port: number; readonly api: string },
): Promise<LocalSiteServer> => {
  if (!place.local) throw new CordonError('the pages of a deployment on AWS need no local server');
  const named = (wanted: string): string => output(place, stack, wanted);
  const config = {
    api: '/v1',
    userPoolId: named(outputs.userPoolId),
    userPoolClientId: named(outputs.userPoolClientId),
    cognito: '/cognito/',
    ...(hasEvidence && { evidence: evidenceFolder }),
  };
  const server = createServer(
    serve({
      engine: new URL(place.local.endpoint),
      api: new URL(api),
      distribution: named(outputs.domain),
      hasEvidence: hasEvidence === true,
      config: JSON.stringify(config),
    }),
  );
  const bound = await listening(server, port);
  return {
    url: siteAddress(name, bound),
    port: bound,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
