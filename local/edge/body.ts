import type { IncomingMessage } from 'node:http';
import { EdgeProblem } from './problem.ts';

export interface Head {
  readonly bytes: Buffer;
  /** There is more of it, still unread. */
  readonly oversize: boolean;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/**
 * Reads a body until it ends or is longer than `limit`; then it stands still. No more than the
 * limit and one chunk are ever held.
 */
export const readHead = (request: IncomingMessage, limit: number): Promise<Head> => {
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

/** How much of a refused body is waited for, so that its sender gets to read why. */
const patience = { bytes: 10 * 1024 * 1024, ms: 5000 };

/**
 * Reads what is left of a request and forgets it; ends the connection of a sender who does not
 * stop.
 */
export const discard = (request: IncomingMessage): void => {
  if (request.complete || request.destroyed) return;
  let size = 0;
  const late = setTimeout(() => request.destroy(), patience.ms);
  request.once('close', () => clearTimeout(late)).once('end', () => clearTimeout(late));
  request.on('error', () => undefined);
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > patience.bytes) request.destroy();
  });
  request.resume();
};
