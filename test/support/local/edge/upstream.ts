// A real server in the place of the engine, and an edge before it; both on free ports of the
// loopback.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { type EdgeOptions, startEdge } from '../../../../local/edge/edge.ts';
import { readRuleset } from '../../../../local/edge/ruleset.ts';
import { template } from './acl.ts';

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

const listen = async (listener: RequestListener) => {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const stop = (): void => {
    server.close().closeAllConnections();
  };
  return { endpoint: `http://127.0.0.1:${address.port}`, stop };
};

/** Answers every request with 200 and remembers it. */
export const rememberingApi = async (): Promise<{
  endpoint: string;
  heard: Heard[];
  stop: () => void;
}> => {
  const heard: Heard[] = [];
  const server = await listen((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      heard.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body,
      });
      response
        .writeHead(200, { 'content-type': 'application/json', etag: '"7"' })
        .end('{"status":"ok"}');
    });
  });
  return { ...server, heard };
};

export const apiThat = (listener: RequestListener) => listen(listener);

export const edgeBefore = (endpoint: string, more: Partial<EdgeOptions> = {}) =>
  startEdge({
    port: 0,
    endpoint,
    ruleset: readRuleset(template),
    apiId: 'abc123',
    stage: 'live',
    ...more,
  });

/** Sends these very bytes, and gives back what came until the other side closed or fell silent. */
export const raw = async (
  port: number,
  bytes: string | Buffer,
  { waitMs = 15_000 } = {},
): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  socket.setTimeout(waitMs, () => socket.destroy());
  socket.write(bytes);
  await new Promise((closed) => socket.once('close', closed)); // not `once`: a reset after the answer is no failure
  return answer;
};
