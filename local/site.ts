import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { CordonError } from '../operator/errors.ts';
import { output, type Place, type StackName } from '../operator/place.ts';
import { isAdmitted, turnAway } from './door.ts';
import { headersOf, type Onward, pass } from './forwarding.ts';

/** Where a browser finds a site: a name of this machine, and so a secure context. */
export const siteAddress = (name: string, port: number): string =>
  `http://${name}.localhost:${port}`;

export interface LocalSiteServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Where an API answers on this machine: `host` is the name that it is called by. */
export interface ApiTarget {
  readonly port: number;
  readonly host: string;
  /** Its stage, such as `/v1`; empty where it has none in its address. */
  readonly path: string;
}

/** The target of an address that names one of our own servers. */
export const apiAt = (address: string): ApiTarget => {
  const { port, host, pathname } = new URL(address);
  return { port: Number(port), host, path: pathname.replace(/\/$/, '') };
};

/** Where requests go on, and what the pages are told of the deployment. */
export interface Behind {
  readonly engine: URL;
  /** Where the API is; a site may have none. */
  readonly api: ApiTarget | undefined;
  /** The name of the distribution. */
  readonly distribution: string;
  /** Whether its pages follow links to evidence. */
  readonly hasEvidence: boolean;
  /** What `config.json` says in place of the file of the distribution. */
  readonly config: string | undefined;
}

/** Links to evidence lead to the engine under its own name, which is what they are signed for. */
export const evidenceFolder = '/evidence-links/';
const isEvidenceLink = (url: string): boolean =>
  url.startsWith(evidenceFolder) && /[?&]X-Amz-Signature=[0-9a-f]{64}(&|$)/.test(url);

const cognitoTarget = /^AWSCognitoIdentityProviderService\.\w+$/;

/** Which server a request goes to; nothing for one that no page sends. */
const onward = (request: IncomingMessage, behind: Behind): Onward | undefined => {
  const { url = '/', method = 'GET' } = request;
  const headers = headersOf(request);
  const enginePort = Number(behind.engine.port);
  if (behind.api && url.startsWith('/v1/')) {
    const { port, host, path } = behind.api;
    return { port, path: `${path}${url.slice('/v1'.length)}`, headers: { ...headers, host } };
  }
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

/** Answers a request of a page or for a page. */
export const answerPage = (behind: Behind, request: IncomingMessage, response: ServerResponse) => {
  if (!isAdmitted(request)) return turnAway(response);
  if (request.url === '/config.json' && behind.config !== undefined) {
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

/** Listens on loopback alone; resolves with the port. */
export const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Ends a server together with its connections. */
export const stopped = async (server: Server): Promise<void> => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
};

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
  const behind = {
    engine: new URL(place.local.endpoint),
    api: apiAt(api),
    distribution: named(outputs.domain),
    hasEvidence: hasEvidence === true,
    config: JSON.stringify(config),
  };
  const server = createServer((request, response) => answerPage(behind, request, response));
  const bound = await listening(server, port);
  return { url: siteAddress(name, bound), port: bound, stop: () => stopped(server) };
};
