import { request } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { Place } from '../operator/place.ts';

/**
 * Calls a function's public URL as anybody on the Internet would; the engine serves it by its host
 * name on its own port.
 */
export const callUrl = (
  url: string,
  { local }: Pick<Place, 'local'>,
): Promise<{ status: number; body: string }> => {
  const { host, pathname } = new URL(url);
  const headers = { host };
  const options = { path: pathname, headers, signal: AbortSignal.timeout(15_000) };
  return new Promise((resolve, reject) => {
    const sent = local
      ? request({ ...options, host: '127.0.0.1', port: local.port })
      : secureRequest({ ...options, host });
    sent.on('error', reject).on('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => (body = (body + text).slice(0, 500))).on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    sent.end();
  });
};
