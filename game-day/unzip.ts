import { inflateRawSync } from 'node:zlib';
import { CordonError } from '../operator/errors.ts';

export interface ZipFile {
  readonly name: string;
  readonly data: Buffer;
}

const STORED = 0;
const DEFLATED = 8;

/** The files of a small zip, in memory: the code of a function that a drill changes. */
export const unzip = (zip: Buffer): readonly ZipFile[] => {
  const end = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) throw new CordonError('this is no zip: it has no directory');
  const files: ZipFile[] = [];
  let at = zip.readUInt32LE(end + 16);
  const count = zip.readUInt16LE(end + 10);
  for (let number = 0; number < count; number += 1) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) =>
      zip.readUInt16LE(at + offset),
    );
    const name = zip.toString('utf8', at + 46, at + 46 + Number(nameLength));
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    if (!name.endsWith('/'))
      files.push({ name, data: unpacked(zip.subarray(begin, begin + size), method, name) });
    at += 46 + Number(nameLength) + Number(extra) + Number(comment);
  }
  return files;
};

const unpacked = (packed: Buffer, method: number, name: string): Buffer => {
  if (method === STORED) return packed;
  if (method === DEFLATED) return inflateRawSync(packed);
  throw new CordonError(`${name} is packed by method ${method}, which is not read here`);
};
