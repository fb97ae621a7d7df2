// Hostile archives: central directories without the content that they promise.
interface Entry {
  readonly name: string;
  readonly mode?: number;
  readonly bits?: number;
  readonly packed?: number;
  readonly unpacked?: number;
}

const header = ({ name, mode = 0o100644, bits = 0, packed = 10, unpacked = 10 }: Entry): Buffer => {
  const bytes = Buffer.from(name);
  const fixed = Buffer.alloc(46);
  fixed.writeUInt32LE(0x02014b50, 0);
  fixed.writeUInt16LE(bits, 8);
  fixed.writeUInt32LE(packed, 20);
  fixed.writeUInt32LE(unpacked, 24);
  fixed.writeUInt16LE(bytes.length, 28);
  fixed.writeUInt32LE((mode << 16) >>> 0, 38);
  return Buffer.concat([fixed, bytes]);
};

const end = (entries: number, size: number, start: number): Buffer => {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(0x06054b50, 0);
  bytes.writeUInt16LE(entries, 10);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(start, 16);
  return bytes;
};

/** An archive of these entries. */
export const central = (entries: readonly Entry[]): Buffer => {
  const directory = Buffer.concat(entries.map(header));
  return Buffer.concat([directory, end(entries.length, directory.length, 0)]);
};

const large = (entries: number, directory: Buffer): Buffer => {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(directory.length), 40);
  record.writeBigUInt64LE(0n, 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(directory.length), 8);
  return Buffer.concat([directory, record, locator, end(0xffff, 0xffffffff, 0xffffffff)]);
};

/** A million entries of 47 bytes each. */
export const million = (): Buffer =>
  large(1_000_000, Buffer.concat(Array.from({ length: 1_000_000 }, () => tiny)));
const tiny = header({ name: 'x' });

/** One entry that claims 281 TB, in the fields for large numbers. */
export const bomb = (): Buffer => {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(281_474_976_710_655n, 4);
  extra.writeBigUInt64LE(42_000n, 12);
  const entry = header({ name: 'zeros', packed: 0xffffffff, unpacked: 0xffffffff });
  entry.writeUInt16LE(extra.length, 30);
  return large(1, Buffer.concat([entry, extra]));
};
