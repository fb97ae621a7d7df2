import type { Collecting, CollectorOutput } from '../../collector.ts';
import { json } from '../../store.ts';
import { reasonOf } from './answer.ts';

/** What a hostile archive may cost us. */
export const limits = {
  entries: 10_000,
  directoryBytes: 16_000_000,
  ms: 5_000,
  chunk: 1_000_000,
  name: 300,
};

interface ZippedFile {
  readonly name: string;
  readonly packed: number;
  readonly unpacked: number;
  readonly flags: readonly string[];
}

export interface Listing {
  readonly entries: number;
  readonly listed: number;
  readonly complete: boolean;
  /** As the archive claims; nothing is unpacked to find out. */
  readonly claims: { readonly packed: number; readonly unpacked: number; readonly ratio: number };
  readonly flagged: Readonly<Record<string, number>>;
  readonly files: readonly ZippedFile[];
}

export type ReadRange = (start: number, length: number) => Promise<Uint8Array>;

/** An archive that does not look like one. */
export class NoZipError extends Error {
  override readonly name = 'NoZipError';
}

const view = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const big = (from: DataView, at: number): number => Number(from.getBigUint64(at, true));
const whole = 0xffffffff;

interface Directory {
  readonly entries: number;
  readonly start: number;
  readonly bytes: number;
}

/** An archive of more than 65,535 entries or 4 GB says the true numbers elsewhere. */
const large = async (
  read: ReadRange,
  tail: DataView,
  end: number,
): Promise<Directory | undefined> => {
  const locator = end - 20;
  if (locator < 0 || tail.getUint32(locator, true) !== 0x07064b50) return undefined;
  const record = view(await read(big(tail, locator + 8), 56));
  if (record.byteLength < 56 || record.getUint32(0, true) !== 0x06064b50)
    throw new NoZipError('its ZIP64 record is not where it says');
  return { entries: big(record, 32), bytes: big(record, 40), start: big(record, 48) };
};

/** The end of the file says where the central directory is. */
const directoryOf = async (read: ReadRange, size: number): Promise<Directory> => {
  const length = Math.min(size, 65_557);
  const tail = view(await read(size - length, length));
  for (let end = tail.byteLength - 22; end >= 0; end -= 1)
    if (tail.getUint32(end, true) === 0x06054b50)
      return (
        (await large(read, tail, end)) ?? {
          entries: tail.getUint16(end + 10, true),
          bytes: tail.getUint32(end + 12, true),
          start: tail.getUint32(end + 16, true),
        }
      );
  throw new NoZipError('it has no central directory: no zip, or a damaged one');
};

const flagsOf = (
  name: string,
  bits: number,
  mode: number,
  packed: number,
  unpacked: number,
): string[] => [
  ...(bits & 1 ? ['encrypted'] : []),
  ...((mode & 0xf000) === 0xa000 ? ['symbolic link'] : []),
  ...(/^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(name) ? ['leads out of its folder'] : []),
  ...(/\.(zip|jar|war|tar|tgz|gz|bz2|xz|7z|rar)$/i.test(name) ? ['an archive itself'] : []),
  ...(unpacked > 1_000_000 && unpacked > 100 * packed ? ['grows more than 100 times'] : []),
];

/** Sizes of 4 GB and more are in an extra field, in this order. */
const sizesOf = (
  entry: DataView,
  nameEnd: number,
  extraEnd: number,
): { packed: number; unpacked: number } => {
  let [packed, unpacked] = [entry.getUint32(20, true), entry.getUint32(24, true)];
  for (let at = nameEnd; at + 4 <= extraEnd; at += 4 + entry.getUint16(at + 2, true)) {
    if (entry.getUint16(at, true) !== 1) continue;
    let value = at + 4;
    if (unpacked === whole && value + 8 <= extraEnd) {
      unpacked = big(entry, value);
      value += 8;
    }
    if (packed === whole && value + 8 <= extraEnd) packed = big(entry, value);
  }
  return { packed, unpacked };
};

const fileOf = (
  entry: DataView,
  names: [number, number, number],
): { file: ZippedFile; length: number } => {
  const [nameEnd, extraEnd, length] = names;
  const name = new TextDecoder()
    .decode(new Uint8Array(entry.buffer, entry.byteOffset + 46, nameEnd - 46))
    .slice(0, limits.name);
  const { packed, unpacked } = sizesOf(entry, nameEnd, extraEnd);
  const flags = flagsOf(
    name,
    entry.getUint16(8, true),
    entry.getUint32(38, true) >>> 16,
    packed,
    unpacked,
  );
  return { file: { name, packed, unpacked, flags }, length };
};

/** Entry by entry, a chunk at a time. */
const walk = async function* (read: ReadRange, { start, bytes }: Directory) {
  let buffer: Uint8Array = new Uint8Array();
  let next = start;
  const end = start + Math.min(bytes, limits.directoryBytes);
  for (;;) {
    const at = view(buffer);
    const lengths =
      at.byteLength >= 46
        ? [at.getUint16(28, true), at.getUint16(30, true), at.getUint16(32, true)]
        : undefined;
    const [name = 0, extra = 0, comment = 0] = lengths ?? [];
    const length = 46 + name + extra + comment;
    if (lengths && at.getUint32(0, true) !== 0x02014b50)
      throw new NoZipError('its central directory is damaged');
    if (lengths && at.byteLength >= length) {
      yield fileOf(at, [46 + name, 46 + name + extra, length]).file;
      buffer = buffer.subarray(length);
      continue;
    }
    if (next >= end) return;
    const more = await read(next, Math.min(limits.chunk, end - next));
    if (more.length === 0) return;
    next += more.length;
    buffer = Buffer.concat([buffer, more]);
  }
};

/**
 * Lists a zip from its central directory, by ranges. Nothing is unpacked, and every number is
 * capped.
 */
export const listZip = async (
  read: ReadRange,
  size: number,
  now: () => number = Date.now,
): Promise<Listing> => {
  const directory = await directoryOf(read, size);
  const until = now() + limits.ms;
  const files: ZippedFile[] = [];
  const flagged: Record<string, number> = {};
  let [packed, unpacked] = [0, 0];
  for await (const file of walk(read, directory)) {
    files.push(file);
    packed += file.packed;
    unpacked += file.unpacked;
    for (const flag of file.flags) flagged[flag] = (flagged[flag] ?? 0) + 1;
    if (files.length >= limits.entries || now() > until) break;
  }
  const ratio = Math.round(unpacked / Math.max(packed, 1));
  return {
    entries: directory.entries,
    listed: files.length,
    complete: files.length === directory.entries,
    claims: { packed, unpacked, ratio },
    flagged,
    files,
  };
};

/**
 * The listing of an archive that has just been stored, beside it. Where it was not stored, that is
 * said already.
 */
export const listingOf = async function* (path: string, from: Collecting): CollectorOutput {
  const size = from.sizeOf(path);
  if (size === undefined) return;
  try {
    const listing = await listZip((start, length) => from.readBack(path, start, length), size);
    const file = path.replace(/\.zip$/, '-listing.json');
    yield {
      path: file,
      type: 'application/json',
      source: `central directory of ${path}`,
      body: json(listing),
    };
  } catch (error) {
    yield { what: `list of files in ${path}`, why: reasonOf(error) };
  }
};
