import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';

// 1980-01-01, the first day a zip can name: the same files always give the same bytes
const EPOCH = 33;
const UTF8 = 0x800;
const DEFLATE = 8;

/** A folder as a zip, the same bytes for the same files whatever their dates and order on disk. */
export const zipFolder = (folder: string): Buffer => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() || entry.isSymbolicLink(),
  );
  const named = files
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, name: relative(folder, path).split(sep).join('/') }));
  named.sort((a, b) => (a.name < b.name ? -1 : 1));
  return zipOf(named.map(({ path, name }) => ({ name, data: readFileSync(path) })));
};

/** Files as a zip, in the given order. */
export const zipOf = (
  files: readonly { readonly name: string; readonly data: Buffer }[],
): Buffer => {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, data } of files) {
    const [path, packed] = [Buffer.from(name), deflateRawSync(data)];
    const shared = sharedHeader(data, packed, path.length);
    const entry = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, path, packed]);
    local.push(entry);
    central.push(
      Buffer.concat([
        Buffer.from('PK\x01\x02\x1e\x03', 'latin1'),
        shared,
        attributes(offset),
        path,
      ]),
    );
    offset += entry.length;
  }
  const directory = Buffer.concat(central);
  return Buffer.concat([...local, directory, endOf(files.length, directory.length, offset)]);
};

/** The 26 bytes that the local and the central header of a file have in common. */
const sharedHeader = (data: Buffer, packed: Buffer, nameLength: number): Buffer => {
  const header = Buffer.alloc(26);
  for (const [index, value] of [20, UTF8, DEFLATE, 0, EPOCH].entries())
    header.writeUInt16LE(value, index * 2);
  for (const [index, value] of [crc32(data), packed.length, data.length].entries())
    header.writeUInt32LE(value, 10 + index * 4);
  header.writeUInt16LE(nameLength, 22);
  return header;
};

/**
 * The rest of a central header: no comment, an ordinary file that everybody may read and run, and
 * where it starts.
 */
const attributes = (offset: number): Buffer => {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(0o100755 * 65_536, 6);
  rest.writeUInt32LE(offset, 10);
  return rest;
};

const endOf = (count: number, size: number, offset: number): Buffer => {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
};
