import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { Transform } from 'node:stream';
import type { BodyStart } from './body.ts';
import { EdgeProblem } from './problem.ts';

/** The limits of API Gateway: bytes of a body, milliseconds until an answer. */
const gatewayLimits = { body: 10 * 1024 * 1024, wait: 29_000 };

export interface Upstream {
  readonly endpoint: string;
  readonly waitMs?: number | undefined;
}

/** Headers that describe one connection and must not be passed on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

const withoutHops = (headers: IncomingHttpHeaders): OutgoingHttpHeaders => {
  const listed = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !listed.includes(name)),
  );
};

/**
 * Headers that only the edge may set: those that identify the client, and those that make the
 * engine treat the request as a call of an AWS service.
 */
const isReserved = (name: string, value: unknown): boolean =>
  name === 'host' ||
  name === 'forwarded' ||
  name === 'content-length' ||
  name.startsWith('x-forwarded-') ||
  name.startsWith('x-amz') ||
  (name === 'authorization' && /^AWS/i.test(String(value)));

const headersFor = ({ headers }: IncomingMessage, address: string): OutgoingHttpHeaders => ({
  ...Object.fromEntries(
    Object.entries(withoutHops(headers)).filter(([name, value]) => !isReserved(name, value)),
  ),
  'x-forwarded-for': address,
  'x-forwarded-proto': 'http',
});

/** The whole of a long body; ends with an error at the size that API Gateway refuses. */
const longBody = (request: IncomingMessage, { bytes }: BodyStart): Transform => {
  let size = bytes.length;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > gatewayLimits.body)
        done(new EdgeProblem(413, `A body may have at most ${gatewayLimits.body} bytes.`));
      else done(null, chunk);
    },
  });
  limited.write(bytes);
  return request.pipe(limited);
};

export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly address: string;
  readonly bodyStart: BodyStart;
}

/**
 * Forwards requests to the engine and its answers to the client, within the limits of API Gateway.
 */
export const forwarding = ({ endpoint, waitMs = gatewayLimits.wait }: Upstream) => {
  const { hostname, port } = new URL(endpoint);
  // Only requests that are safe to repeat use a kept connection: the engine may close it while the
  // request is on its way, and then the request is sent again.
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const pass = (
    { request, response, path, address, bodyStart }: Passage,
    isRetry: boolean,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const isSafe =
        request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS';
      const length =
        !bodyStart.oversize && (bodyStart.bytes.length > 0 || !isSafe)
          ? { 'content-length': bodyStart.bytes.length }
          : {};
      const out = httpRequest({
        hostname,
        port,
        path,
        method: request.method,
        agent: isSafe ? agent : false,
        headers: { ...headersFor(request, address), ...length },
      });
      const timeout = setTimeout(
        () =>
          out.destroy(new EdgeProblem(504, `There was no answer within ${waitMs / 1000} seconds.`)),
        waitMs,
      );
      const clientGone = (): void => void out.destroy();
      response.once('close', clientGone);
      out.once('response', (answer) => {
        clearTimeout(timeout);
        response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
        answer
          .once('error', () => response.destroy())
          .once('end', resolve)
          .pipe(response);
      });
      out.once('error', (error) => {
        clearTimeout(timeout);
        response.off('close', clientGone);
        if (response.headersSent || response.destroyed) return resolve(void response.destroy());
        if (isSafe && out.reusedSocket && !isRetry && !(error instanceof EdgeProblem))
          return resolve(pass({ request, response, path, address, bodyStart }, true));
        reject(
          error instanceof EdgeProblem ? error : new EdgeProblem(502, 'The API cannot be reached.'),
        );
      });
      if (bodyStart.oversize)
        longBody(request, bodyStart)
          .once('error', (error) => out.destroy(error))
          .pipe(out);
      else out.end(bodyStart.bytes);
    });
  return { pass: (passage: Passage) => pass(passage, false), stop: () => agent.destroy() };
};
