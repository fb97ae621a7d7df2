import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Head } from '../incident/case.ts';
import type { Entry, Gap } from '../incident/evidence.ts';
import { isBusy } from '../shared/errors.ts';
import {
  create,
  type Download,
  keyOf,
  type Origin,
  ownKeyOf,
  provenance,
  type Store,
  stored,
} from './store.ts';
import { streamHash } from './stream-hash.ts';

type Passed =
  | {
      readonly kind: 'made';
      readonly sha256: string;
      readonly bytes: number;
      readonly versionId: string | null;
    }
  /** It is another file than expected; its SHA-256 in base64. */
  | { readonly kind: 'other'; readonly sha256: string }
  | { readonly kind: 'taken' };

const tries = 5;
/** Doubles each time. The SDK does not send a stream a second time, so it does not wait either. */
const firstPauseMs = 500;

const refusedByChecksum = (error: unknown): boolean =>
  error instanceof Error &&
  ['BadDigest', 'InvalidDigest', 'XAmzContentChecksumMismatch'].includes(error.name);

/**
 * From the link straight into the bucket, hashed on the way; nothing is held. S3 is told beforehand
 * which SHA-256 to expect and keeps nothing else, so an object exists only with the hash that its
 * manifest will name.
 */
const pass = async (
  to: Store,
  key: string,
  { open, type }: Download,
  sha256: string,
  signal: AbortSignal | undefined,
): Promise<Passed> => {
  const { body, bytes } = await open();
  const hash = createHash('sha256');
  let seen = 0;
  let broke: unknown;
  const hashing = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      seen += chunk.length;
      done(null, chunk);
    },
  });
  // Neither half notices by itself that the other one has ended.
  const stop = new AbortController();
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const flow = pipeline(body, hashing, { signal: both }).catch((error: unknown) => {
    broke = error;
    stop.abort();
  });
  try {
    const made = await create(to, { key, body: hashing, bytes, sha256, type, signal: both });
    return made ? { kind: 'made', sha256, bytes, ...made } : { kind: 'taken' };
  } catch (error) {
    if (refusedByChecksum(error) && seen === bytes)
      return { kind: 'other', sha256: hash.digest('base64') };
    // S3 hangs up on a stream that it refuses: why it refused says more.
    throw isBusy(error) ? error : (broke ?? error);
  } finally {
    stop.abort();
    await flow;
  }
};

/**
 * Tries again with a new link: links expire, S3 throttles, and code may be replaced while it is
 * read.
 */
const insist = async (
  to: Store,
  key: string,
  piece: Download,
  signal: AbortSignal | undefined,
): Promise<Exclude<Passed, { kind: 'other' }>> => {
  let expected = piece.sha256;
  let last: unknown;
  for (let left = tries; left > 0 && signal?.aborted !== true; left -= 1)
    try {
      const passed = await pass(to, key, piece, expected, signal);
      if (passed.kind !== 'other') return passed;
      expected = passed.sha256;
      last = new Error('its content was different at each try');
    } catch (error) {
      last = error;
      if (isBusy(error) && left > 1)
        await sleep(firstPauseMs * 2 ** (tries - left), undefined, { signal });
    }
  throw last;
};

const hexOf = (base64: string): string => Buffer.from(base64, 'base64').toString('hex');

/**
 * Stores a download once. What is not what AWS said it would be is stored as it is, and told. Where
 * other bytes than AWS described lie, they stay, and the download gets a place of its own.
 */
export const storeDownload = async (
  to: Store,
  head: Head,
  piece: Download,
  origin: Origin,
): Promise<{ entry: Entry; gap?: Gap }> => {
  const key = keyOf(head, piece.path);
  const expected = hexOf(piece.sha256);
  const describe = (
    at: string,
    { sha256, bytes, versionId }: Pick<Entry, 'sha256' | 'bytes' | 'versionId'>,
  ): { entry: Entry; gap?: Gap } => {
    const hashes = `SHA-256 is ${sha256}, CodeSha256 was ${expected || 'not given'}`;
    const why = `it is not what AWS described: ${hashes}`;
    const gap = { kind: 'differs', what: piece.path, why } as const;
    const entry = {
      ...provenance(head, at, piece, origin),
      ...(at !== key && { insteadOf: piece.path }),
      ...{ sha256, bytes, versionId },
    };
    return { entry, ...(sha256 !== expected && { gap }) };
  };
  const storeAt = async (place: string): Promise<{ entry: Entry; gap?: Gap } | undefined> => {
    const passed = await insist(to, place, piece, origin.signal);
    return passed.kind === 'made'
      ? describe(place, { ...passed, sha256: hexOf(passed.sha256) })
      : undefined;
  };
  /** What an earlier try stored is what AWS described, or what the link leads to all the same. */
  const isOwn = async ({ sha256 }: { readonly sha256: string }): Promise<boolean> =>
    sha256 === expected || sha256 === (await streamHash((await piece.open()).body, origin.signal));
  // Where S3 does not say, it is tried: nothing can be overwritten.
  const there = await stored(to, key).catch(() => undefined);
  const made = there ? undefined : await storeAt(key);
  if (made) return made;
  const lying = there ?? (await stored(to, key));
  if (lying && (await isOwn(lying))) return describe(key, lying);
  const beside = await storeAt(ownKeyOf(head, piece.path));
  if (beside) return beside;
  throw new Error(`${piece.path} is taken, and so is its place beside it`);
};
