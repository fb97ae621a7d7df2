// Requests to the API of the audit, signed by whoever reads.
import { SignatureV4 } from '@smithy/signature-v4';
import { localAddress } from '../../../local/app/address.ts';
import { REGION } from '../../../local/engine/settings.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { Sha256 } from '../../../responders/shared/sha256.ts';
import type { AuditWorld } from './world.ts';

export interface AuditAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

type Query = Readonly<Record<string, string>>;

/** As a signature has it: a space is no plus, and nothing but letters and digits stays as it is. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const addressOf = ({ app, out }: AuditWorld, path: string, query: Query): URL => {
  const base = localAddress(out('AuditApiUrl'), app.engine.endpoint).replace(/\/$/, '');
  const pairs = Object.entries(query).map((pair) => pair.map(encoded).join('='));
  return new URL(`${base}${path}${pairs.length > 0 ? '?' : ''}${pairs.join('&')}`);
};

const answerOf = async (
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
): Promise<AuditAnswer> => {
  const response = await fetch(url, { method, headers });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

/** What the API answers to a request without a signature. */
export const readUnsigned = (world: AuditWorld, path: string): Promise<AuditAnswer> =>
  answerOf(addressOf(world, path, {}), 'GET', {});

/** What the API answers to the holder of some keys. */
export const reading =
  (world: AuditWorld, credentials: Credentials, method = 'GET') =>
  async (path: string, query: Query = {}): Promise<AuditAnswer> => {
    const url = addressOf(world, path, query);
    const signer = new SignatureV4({
      ...{ service: 'execute-api', region: REGION, credentials, sha256: Sha256 },
    });
    const { headers } = await signer.sign({
      ...{ method, protocol: 'http:', hostname: url.hostname, path: url.pathname, query },
      headers: { host: url.host },
    });
    const { host: _sentByFetch, ...sent } = headers;
    return answerOf(url, method, sent);
  };
