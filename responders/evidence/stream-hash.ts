import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The SHA-256 of a stream, in hex; nothing of it is held. */
export const streamHash = async (stream: Readable, signal?: AbortSignal): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(stream, hash, { signal });
  return hash.digest('hex');
};
