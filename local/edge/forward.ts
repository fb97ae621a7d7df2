import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { Transform } from 'node:stream';
import type { Head } from './body.ts';
import { EdgeProblem } from './problem.ts';

/** What API Gateway takes at most, in bytes and in milliseconds. */
const most = { body: 10 * 1024 * 1024, wait: 29_000 };

export interface Upstream {
  readonly endpoint: string;
  readonly waitMs?: number | undefined;
}

/** About one connection, not about the request. */
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
 * What a client must not say itself: who it is, and anything that the engine takes for a call of an
 * AWS service.
 */
const ours = (name: string, value: unknown): boolean =>
  name === 'host' ||
  name === 'forwarded' ||
  name === 'content-length' ||
  name.startsWith('x-forwarded-') ||
  name.startsWith('x-amz') ||
  (name === 'authorization' && /^AWS/i.test(String(value)));

const headersFor = ({ headers }: IncomingMessage, address: string): OutgoingHttpHeaders => ({
  ...Object.fromEntries(
    Object.entries(withoutHops(headers)).filter(([name, value]) => !ours(name, value)),
  ),
  'x-forwarded-for': address,
  'x-forwarded-proto': 'http',
});

/** The rest of a long body, as far as API Gateway would take it. */
const rest = (request: IncomingMessage, { bytes }: Head): Transform => {
  let size = bytes.length;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      if (size > most.body) done(new EdgeProblem(413, `A body may have ${most.body} bytes.`));
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
  readonly head: Head;
}

/** Sends requests on to the engine and their answers back, and gives up where API Gateway would. */
export const forwarding = ({ endpoint, waitMs = most.wait }: Upstream) => {
  const { hostname, port } = new URL(endpoint);
  // Only what may be asked twice goes over a used connection: the engine may close it at that very
  // moment.
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const pass = (
    { request, response, path, address, head }: Passage,
    again: boolean,
  ): Promise<void> =>
    new Promise((resolve, reject) => {
      const safe =
        request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS';
      const length =
        !head.oversize && (head.bytes.length > 0 || !safe)
          ? { 'content-length': head.bytes.length }
          : {};
      const out = httpRequest({
        hostname,
        port,
        path,
        method: request.method,
        agent: safe ? agent : false,
        headers: { ...headersFor(request, address), ...length },
      });
      const late = setTimeout(
        () =>
          out.destroy(new EdgeProblem(504, `There was no answer within ${waitMs / 1000} seconds.`)),
        waitMs,
      );
      const gone = (): void => void out.destroy();
      response.once('close', gone);
      out.once('response', (answer) => {
        clearTimeout(late);
        response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
        answer
          .once('error', () => response.destroy())
          .once('end', resolve)
          .pipe(response);
      });
      out.once('error', (error) => {
        clearTimeout(late);
        response.off('close', gone);
        if (response.headersSent || response.destroyed) return resolve(void response.destroy());
        if (safe && out.reusedSocket && !again && !(error instanceof EdgeProblem))
          return resolve(pass({ request, response, path, address, head }, true));
        reject(
          error instanceof EdgeProblem ? error : new EdgeProblem(502, 'The API cannot be reached.'),
        );
      });
      if (head.oversize)
        rest(request, head)
          .once('error', (error) => out.destroy(error))
          .pipe(out);
      else out.end(head.bytes);
    });
  return { pass: (passage: Passage) => pass(passage, false), stop: () => agent.destroy() };
};
