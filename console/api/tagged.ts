import { createHash } from 'node:crypto';
import type { ApiResponse } from '../../protected-app/shared/http.ts';
import type { ConsoleRequest } from './caller.ts';

/**
 * A document with an ETag, which pages ask for again every few seconds: 304 without the document
 * while it is the same.
 */
export const tagged = (
  { headers }: Pick<ConsoleRequest, 'headers'>,
  document: unknown,
): ApiResponse => {
  const hash = createHash('sha256').update(JSON.stringify(document)).digest('base64url');
  const tag = `"${hash.slice(0, 22)}"`;
  const known = (headers['if-none-match'] ?? '')
    .split(/\s*,\s*/)
    .map((given) => given.replace(/^W\//, ''));
  return known.includes(tag)
    ? { status: 304, headers: { ETag: tag } }
    : { status: 200, headers: { ETag: tag }, body: document };
};
