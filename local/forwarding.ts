import {
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

/** Headers of one connection, or that only a proxy may set. */
const ofConnection = new Set([
  ...['host', 'connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'],
  ...['cookie', 'forwarded'],
]);
const isOfConnection = (name: string): boolean =>
  ofConnection.has(name) || name.startsWith('x-forwarded-');

/** Headers that an API alone is told. */
const ofApis = new Set(['expect', 'origin', 'referer']);
const isOfApis = (name: string): boolean => ofApis.has(name) || /^(sec-|proxy-)/.test(name);

const without = (
  { headers }: IncomingMessage,
  isDropped: (name: string) => boolean,
): OutgoingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isDropped(name)));

/** The headers that go on from a page. */
export const headersOf = (request: IncomingMessage): OutgoingHttpHeaders =>
  without(request, (name) => isOfConnection(name) || isOfApis(name));

/** The headers that go on to an API: it decides by the origin which pages may read its answers. */
export const passedOn = (request: IncomingMessage): OutgoingHttpHeaders =>
  without(request, isOfConnection);

/** Where a request goes on to. */
export interface Onward {
  readonly port: number;
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
}

/** Sends a request on and its answer back. */
export const pass = (
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
