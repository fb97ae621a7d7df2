import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from '../../responders/shared/sha256.ts';
import type { KeyedEngine } from './clients.ts';
import { REGION } from './settings.ts';

/** The name under which requests to the adapter's own pages are signed. */
const SERVICE = 'cordon';

interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** A service of AWS in place of the adapter. */
  readonly service?: string | undefined;
}

/** Sends a request without a body. The secret itself is not sent. */
const signedRequest = async (
  method: 'GET' | 'POST',
  { endpoint, rootKey }: KeyedEngine,
  pathAndQuery: string,
  { signal, service = SERVICE }: RequestOptions = {},
): Promise<Response> => {
  const { hostname, host, pathname, searchParams, href } = new URL(pathAndQuery, endpoint);
  const signer = new SignatureV4({
    service,
    region: REGION,
    credentials: rootKey,
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method,
    protocol: 'http:',
    hostname,
    path: pathname,
    query: queryOf(searchParams),
    headers: { host },
  });
  const { host: _sentByFetch, ...sent } = headers;
  return fetch(href, { method, headers: sent, ...(signal && { signal }) });
};

/** A name may occur several times. */
const queryOf = (parameters: URLSearchParams): Record<string, string[]> =>
  Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));

/** Asks the adapter for a page such as `/_cordon/corrections`. */
export const signedGet = (
  engine: KeyedEngine,
  pathAndQuery: string,
  signal?: AbortSignal,
): Promise<Response> => signedRequest('GET', engine, pathAndQuery, { signal });

/** Asks a service of AWS of which the product has no client. */
export const signedGetOf = (
  service: string,
  engine: KeyedEngine,
  path: string,
): Promise<Response> => signedRequest('GET', engine, path, { service });

/** Tells the adapter to do something. */
export const signedPost = (engine: KeyedEngine, pathAndQuery: string): Promise<Response> =>
  signedRequest('POST', engine, pathAndQuery);
