// Folders of evidence by chance, and what can be done to one, each kind under its name.
import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { canonical } from '../../../../responders/evidence/verify.mjs';
import fc from '../../property.ts';
import { type Key, listing, makeFolder, newKey, put } from './folder.ts';

/** What chance decides about a folder and its damage. */
export interface Chances {
  readonly files: readonly { readonly name: string; readonly body: Uint8Array }[];
  readonly entries: number;
  readonly stamped: boolean;
  readonly olderKey: boolean;
  readonly which: number;
  readonly where: number;
  readonly bits: number;
}

export const chances = fc.record({
  files: fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}(\/[a-z0-9]{1,6}){0,2}\.(json|txt|zip)$/),
      body: fc.uint8Array({ minLength: 1, maxLength: 400 }),
    }),
    { minLength: 2, maxLength: 8, selector: ({ name }) => name.replace(/\/.*/, '') },
  ),
  entries: fc.nat(4),
  stamped: fc.boolean(),
  olderKey: fc.boolean(),
  which: fc.nat(),
  where: fc.nat(),
  bits: fc.integer({ min: 1, max: 255 }),
});

const bodiesOf = ({ files }: Chances): Record<string, Uint8Array> =>
  Object.fromEntries(files.map(({ name, body }) => [name, body]));

/** Makes the folder; the key is that of its manifest. */
export const folderOf = (folder: string, chosen: Chances, key: Key = newKey()): Key =>
  makeFolder(folder, {
    ...{ key, bodies: bodiesOf(chosen), entries: chosen.entries, stamped: chosen.stamped },
    ...(chosen.olderKey && { before: newKey() }),
  });

const pathsIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
    .sort();

const pick = <T>(list: readonly T[], chance: number): T => {
  const picked = list[chance % list.length];
  if (picked === undefined) throw new Error('nothing to pick from');
  return picked;
};

const flip = (folder: string, path: string, { where, bits }: Chances): void => {
  const bytes = readFileSync(join(folder, path));
  bytes.writeUInt8(bytes.readUInt8(where % bytes.length) ^ bits, where % bytes.length);
  put(folder, path, bytes);
};

type Harm = (folder: string, chosen: Chances, key: Key) => void;

const ofObjects = ({ files }: Chances): readonly string[] => files.map(({ name }) => name).sort();

/** Every kind of damage; `none` is none. */
export const damages: Readonly<Record<string, Harm>> = {
  none: () => undefined,
  'a flipped byte of an object': (folder, chosen) =>
    flip(folder, pick(ofObjects(chosen), chosen.which), chosen),
  'a flipped byte of any file': (folder, chosen) =>
    flip(folder, pick(pathsIn(folder), chosen.which), chosen),
  'a missing object': (folder, chosen) =>
    rmSync(join(folder, pick(ofObjects(chosen), chosen.which))),
  'any file missing': (folder, { which }) => rmSync(join(folder, pick(pathsIn(folder), which))),
  'a longer object': (folder, chosen) => {
    const path = pick(ofObjects(chosen), chosen.which);
    put(folder, path, Buffer.concat([readFileSync(join(folder, path)), Buffer.from('x')]));
  },
  'a swapped version': (folder, chosen) => {
    const path = pick(ofObjects(chosen), chosen.which);
    const bytes = readFileSync(join(folder, path));
    put(
      folder,
      path,
      bytes.map((byte) => byte ^ chosen.bits),
    );
  },
  'two objects swapped': (folder, chosen) => {
    const paths = ofObjects(chosen);
    const [left, right] = [pick(paths, chosen.which), pick(paths, chosen.which + 1)];
    const [ofLeft, ofRight] = [left, right].map((path) => readFileSync(join(folder, path)));
    put(folder, left, ofRight ?? '');
    put(folder, right, ofLeft ?? '');
  },
  'a foreign key over everything': (folder, chosen) => {
    rmSync(folder, { recursive: true });
    folderOf(folder, { ...chosen, olderKey: false });
  },
  'a foreign public key': (folder) => put(folder, 'public-key.pem', newKey().pem),
  'an extra object': (folder, { which }) =>
    put(folder, `extra-${which % 100}/added.txt`, 'added later'),
  'an extra object with a hostile name': (folder, { which }) =>
    put(folder, pick(['.hidden', 'Upper.txt', 'a b', 'x\u202e\n', 'Deep/er/file'], which), 'x'),
  'an entry of custody dropped': (folder, chosen) => {
    const entries = pathsIn(folder).filter((path) => path.startsWith('custody/'));
    if (entries.length > 0) rmSync(join(folder, pick(entries, chosen.which)));
    else rmSync(join(folder, 'manifest.sig'));
  },
  'an entry of custody that is none': (folder, { entries, which }) =>
    put(folder, `custody/${String(entries + 1 + (which % 3)).padStart(6, '0')}.json`, '{}'),
  'the chain cut': (folder, { which }) =>
    rmSync(join(folder, pick(['chain', 'chain/2', 'chain/1'], which)), { recursive: true }),
  'another predecessor': (folder, chosen) => {
    folderOf(`${folder}.other`, chosen);
    for (const name of ['manifest.json', 'manifest.sig'])
      renameSync(join(`${folder}.other`, `chain/2/${name}`), join(folder, `chain/2/${name}`));
    rmSync(`${folder}.other`, { recursive: true });
  },
  'an object left out of the manifest': (folder) => {
    const manifest: { objects: unknown[] } = JSON.parse(
      readFileSync(join(folder, 'manifest.json'), 'utf8'),
    );
    put(folder, 'manifest.json', canonical({ ...manifest, objects: manifest.objects.slice(1) }));
  },
  'a manifest with spaces': (folder) => {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    put(folder, 'manifest.json', JSON.stringify(manifest, null, 1));
  },
  'a manifest that lists what it may not': (folder, chosen, key) => {
    rmSync(folder, { recursive: true });
    const bad = pick(['../x', '/etc/passwd', 'custody/000001.json', 'A'], chosen.which);
    makeFolder(folder, { key, objects: [listing(bad, ''), null, 7] });
  },
  'another time stamp': (folder) => put(folder, 'manifest.tsr', 'something else'),
  'an export that says less': (folder) => put(folder, 'export.json', '{"schema":"x"}'),
};
