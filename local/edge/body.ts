import type { IncomingMessage } from 'node:http';
import { EdgeProblem } from './problem.ts';

/** The beginning of a request body, as far as the rules inspect it. */
export interface BodyStart {
  readonly bytes: Buffer;
  /** The body is longer than the limit; the rest of it is still unread. */
  readonly oversize: boolean;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/**
 * Reads a body until it ends or is longer than `limit`, then pauses the request. The buffer never
 * holds more than the limit and one chunk.
 */
export const readBodyStart = (request: IncomingMessage, limit: number): Promise<BodyStart> => {
  if (!hasBody(request)) return Promise.resolve({ bytes: Buffer.alloc(0), oversize: false });
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (oversize: boolean): void => {
      request.off('data', take).off('end', end).off('error', fail).off('close', fail).pause();
      resolve({ bytes: Buffer.concat(chunks), oversize });
    };
    const take = (chunk: Buffer): void => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > limit) settle(true);
    };
    const end = (): void => settle(false);
    const fail = (): void => reject(new EdgeProblem(400, 'The body ended too early.'));
    request.on('data', take).on('end', end).on('error', fail).on('close', fail);
  });
};

/**
 * How much of a refused body is read and dropped: a client that still sends when the connection
 * closes never reads the refusal.
 */
const discardLimit = { bytes: 10 * 1024 * 1024, ms: 5000 };

/**
 * Reads the rest of a request and drops it. Closes the connection when the rest is too long or
 * takes too long.
 */
export const discard = (request: IncomingMessage): void => {
  if (request.complete || request.destroyed) return;
  let size = 0;
  const late = setTimeout(() => request.destroy(), discardLimit.ms);
  request.once('close', () => clearTimeout(late)).once('end', () => clearTimeout(late));
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > discardLimit.bytes) request.destroy();
  });
  request.resume();
};
