// A webhook of the security team: a real HTTP server that behaves as a test tells it.
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientConfig } from '../../../local/engine/clients.ts';
import { type Deployed, outputOf } from './deployed.ts';

/** What it answers; `silence`: nothing, until the caller goes away. */
export type Behaviour = number | 'silence' | { readonly redirectsTo: string };

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  behave(behaviour: Behaviour): void;
  stop(): Promise<void>;
}

/** Functions reach the ports of their run only. */
export const startReceiver = async (port: number): Promise<Receiver> => {
  const requests: ReceivedRequest[] = [];
  let behaviour: Behaviour = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      requests.push({ path, headers, body: Buffer.concat(chunks).toString() });
      if (behaviour === 'silence') return;
      if (typeof behaviour === 'number') response.writeHead(behaviour).end('ok');
      else response.writeHead(307, { location: behaviour.redirectsTo }).end();
    });
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(port, '127.0.0.1', listening);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    requests,
    behave: (next) => {
      behaviour = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
};

/** Gives the webhook of a deployment its address and its key. */
export const setWebhook = (cordon: Deployed, target: object): Promise<unknown> =>
  new SecretsManagerClient(clientConfig(cordon)).send(
    new PutSecretValueCommand({
      SecretId: outputOf(cordon, 'WebhookSecretId'),
      SecretString: JSON.stringify(target),
    }),
  );
