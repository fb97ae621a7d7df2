import { Hash } from '@smithy/hash-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { KeyedEngine } from './clients.ts';
import { REGION } from './settings.ts';

/** The name under which requests to the adapter's own pages are signed. */
const SERVICE = 'cordon';

class Sha256 extends Hash {
  constructor(secret?: ConstructorParameters<typeof Hash>[1]) {
    super('sha256', secret);
  }
}

/** Asks the adapter for a page such as `/_cordon/corrections`. The secret itself is not sent. */
export const signedGet = async (
  { endpoint, rootKey }: KeyedEngine,
  pathAndQuery: string,
  signal?: AbortSignal,
): Promise<Response> => {
  const { hostname, host, pathname, searchParams, href } = new URL(pathAndQuery, endpoint);
  const signer = new SignatureV4({
    service: SERVICE,
    region: REGION,
    credentials: rootKey,
    sha256: Sha256,
  });
  const { headers } = await signer.sign({
    method: 'GET',
    protocol: 'http:',
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
  });
  const { host: _sentByFetch, ...sent } = headers;
  return fetch(href, { headers: sent, ...(signal && { signal }) });
};
