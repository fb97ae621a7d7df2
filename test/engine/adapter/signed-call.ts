// Calls of services whose client is not installed, signed as a client signs them.
import { SignatureV4 } from '@smithy/signature-v4';
import type { KeyedEngine } from '../../../local/engine/clients.ts';
import { Sha256 } from '../../../responders/shared/sha256.ts';

const call = async (
  { endpoint, rootKey }: KeyedEngine,
  service: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Response> => {
  const { host, hostname } = new URL(endpoint);
  const signer = new SignatureV4({
    ...{ service, region: 'us-east-1', credentials: rootKey },
    sha256: Sha256,
  });
  const signed = await signer.sign({
    ...{ method: 'POST', protocol: 'http:', hostname, path: '/', body },
    headers: { host, ...headers },
  });
  const { host: _sentByFetch, ...sent } = signed.headers;
  return fetch(endpoint, { method: 'POST', headers: sent, body });
};

/** The status and the text with which a service answers an action that is sent as a form. */
const asForm =
  (service: string, Version: string) =>
  async (
    engine: KeyedEngine,
    Action: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<string> => {
    const body = String(new URLSearchParams({ Action, Version, ...parameters }));
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await call(engine, service, type, body);
    return `${answer.status} ${await answer.text()}`;
  };

export const rds = asForm('rds', '2014-10-31');
export const elasticache = asForm('elasticache', '2015-02-02');

/** The status and the text with which ECS answers an action. */
export const ecs = async (
  engine: KeyedEngine,
  action: string,
  parameters: object,
): Promise<string> => {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonEC2ContainerServiceV20141113.${action}`,
  };
  const answer = await call(engine, 'ecs', headers, JSON.stringify(parameters));
  return `${answer.status} ${await answer.text()}`;
};
