import type { EvidenceFolder } from './folder.ts';
import {
  type LinkedFile,
  type LinkReading,
  linkReader,
  type ReadPieces,
  smallBytes,
} from './link-reader.ts';

/** What is fetched before its turn lies in memory; this much of it at most. */
const aheadBytes = 32 * 1024 * 1024;
const atOnce = 6;

/** Signatures, custody and earlier manifests are read last, and fetched first. */
const isFrame = (path: string): boolean =>
  /^(manifest\.\w+|(custody|chain)\/.*)$/.test(path) || path.endsWith('public-key.pem');

/** The small files, in the order in which they are fetched. */
const aheadOf = (files: readonly LinkedFile[]): readonly LinkedFile[] => {
  let room = aheadBytes;
  return files
    .filter(({ bytes }) => (bytes ?? 0) <= smallBytes)
    .sort((left, right) => Number(isFrame(right.path)) - Number(isFrame(left.path)))
    .filter(({ bytes }) => {
      room -= bytes ?? 0;
      return room >= 0;
    });
};

type Pieces = readonly Uint8Array[];

/** Begins to fetch the small files; each is there when its turn comes. */
const fetchAhead = (
  files: readonly LinkedFile[],
  read: ReadPieces,
): ReadonlyMap<string, Promise<Pieces>> => {
  const ahead = new Map<string, Promise<Pieces>>();
  const whole = async (path: string): Promise<Pieces> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of read(path)) pieces.push(piece);
    return pieces;
  };
  const queue = aheadOf(files).map(({ path }) => {
    const { promise, resolve } = Promise.withResolvers<Pieces>();
    // Its reader hears of a failure; there may be none yet.
    promise.catch(() => undefined);
    ahead.set(path, promise);
    return async (): Promise<void> => {
      const pieces = whole(path);
      resolve(pieces);
      await pieces.catch(() => undefined);
    };
  });
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  for (let number = 0; number < atOnce; number += 1) void worker();
  return ahead;
};

/** A folder of evidence in a bucket, read by links of the API. */
export const bucketFolder = (
  files: readonly LinkedFile[],
  reading: LinkReading,
): EvidenceFolder => {
  const read = linkReader(files, reading);
  const ahead = fetchAhead(files, read);
  return {
    files: files.map(({ path, bytes, versionId }) => ({
      ...{ path, bytes: bytes ?? 0 },
      versionId: versionId ?? undefined,
    })),
    read: async function* (path) {
      const pieces = ahead.get(path);
      if (pieces) yield* await pieces;
      else yield* read(path);
    },
  };
};
