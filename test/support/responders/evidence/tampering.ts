import { readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical } from '../../../../responders/evidence/verify.mjs';
import { evidence, type Key, listing, makeFolder, newKey, put, sha256 } from './folder.ts';

/** Something done to a folder, and what has to be named for it. */
export interface Tampering {
  readonly name: string;
  /** With the key of the folder. */
  readonly harm: (folder: string, key: Key) => void;
  /** Object → reason. */
  readonly names: Readonly<Record<string, RegExp>>;
  /**
   * What the verifier's own rules find and the recipe of openssl and sha256sum does not look for.
   */
  readonly beyondRecipe?: true;
}

const read = (folder: string, path: string): Buffer => readFileSync(join(folder, path));
const remove = (folder: string, ...paths: readonly string[]): void => {
  for (const path of paths) rmSync(join(folder, path), { recursive: true });
};
const flip = (path: string) => (folder: string) => {
  const bytes = read(folder, path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  put(folder, path, bytes);
};
const swap = (folder: string, one: string, other: string): void => {
  renameSync(join(folder, one), join(folder, 'swap'));
  renameSync(join(folder, other), join(folder, one));
  renameSync(join(folder, 'swap'), join(folder, other));
};
const rewrite = (
  folder: string,
  path: string,
  change: (value: Record<string, unknown>) => unknown,
): void =>
  put(
    folder,
    path,
    canonical({
      ...JSON.parse(read(folder, path).toString()),
      ...(change(JSON.parse(read(folder, path).toString())) as object),
    }),
  );
const remade = (folder: string, made: Parameters<typeof makeFolder>[1]): void => {
  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder, made);
};
const lists =
  (...objects: readonly unknown[]) =>
  (folder: string, key: Key): void =>
    remade(folder, { key, objects });

const flipped: readonly Tampering[] = [
  ...Object.keys(evidence)
    .filter((path) => path !== 'role/empty.txt')
    .map((path) => ({
      name: `one bit of ${path}`,
      harm: flip(path),
      names: { [path]: /was changed: its SHA-256 is/ },
    })),
  {
    name: 'one bit of the manifest',
    harm: flip('manifest.json'),
    names: { 'manifest.sig': /is not valid/ },
  },
  {
    name: 'one bit of the signature',
    harm: flip('manifest.sig'),
    names: { 'manifest.sig': /is not valid/ },
  },
  {
    name: 'one bit of the public key',
    harm: flip('public-key.pem'),
    names: { 'public-key.pem': /cannot be read|was changed|replaced/ },
  },
  {
    name: 'one bit of a custody entry',
    harm: flip('custody/000002.json'),
    names: { 'custody/000002.sig': /is not valid/ },
  },
  {
    name: 'one bit of a custody signature',
    harm: flip('custody/000003.sig'),
    names: { 'custody/000003.sig': /is not valid/ },
  },
  { name: 'one bit of export.json', harm: flip('export.json'), names: { 'export.json': /./ } },
  {
    name: 'one bit of the predecessor',
    harm: flip('chain/2/manifest.json'),
    names: { 'chain/2/manifest.sig': /is not valid/ },
  },
  {
    name: 'one bit of its signature',
    harm: flip('chain/2/manifest.sig'),
    names: { 'chain/2/manifest.sig': /is not valid/ },
  },
  {
    name: 'a byte more in an empty file',
    harm: (folder) => put(folder, 'role/empty.txt', '0'),
    names: { 'role/empty.txt': /has 1 bytes/ },
  },
];

/**
 * The token itself is the witness's; that it is the one which was pulled is what can be seen here.
 */
const stamped: readonly Tampering[] = [
  { harm: flip('manifest.tsr'), name: 'one bit of the time stamp' },
  { harm: (folder: string) => remove(folder, 'manifest.tsr'), name: 'the time stamp deleted' },
  {
    harm: (folder: string) => put(folder, 'manifest.tsr', sha256(read(folder, 'manifest.json'))),
    name: 'another time stamp',
  },
].map(({ harm, name }) => ({
  name,
  harm: (folder: string, key: Key): void => {
    remade(folder, { key, stamped: true });
    harm(folder);
  },
  names: { 'manifest.tsr': /added, changed or deleted/ },
}));
const everyFile = [
  ...Object.keys(evidence),
  'public-key.pem',
  'manifest.json',
  'manifest.sig',
  'export.json',
];
const deleted: readonly Tampering[] = [
  ...[
    ...everyFile,
    'custody/000001.sig',
    'chain/2/manifest.json',
    'chain/2/manifest.sig',
    'chain/1/manifest.json',
  ].map((path) => ({
    name: `${path} deleted`,
    harm: (folder: string) => remove(folder, path),
    names: { [path]: /is missing/ },
  })),
  {
    name: 'the last custody entry dropped',
    harm: (folder) => remove(folder, 'custody/000003.json', 'custody/000003.sig'),
    names: { 'custody/000003.json': /is missing: export.json counts 3 entries/ },
  },
  {
    name: 'a custody entry in the middle dropped',
    harm: (folder) => remove(folder, 'custody/000002.json', 'custody/000002.sig'),
    names: { 'custody/000002.json': /is missing: the chain of custody has a hole/ },
  },
  {
    name: 'the same, and the next one moved up',
    harm: (folder) => {
      for (const kind of ['json', 'sig'])
        renameSync(join(folder, `custody/000003.${kind}`), join(folder, `custody/000002.${kind}`));
    },
    names: {
      'custody/000002.json': /is not entry 2/,
      'custody/000003.json': /export.json counts 3/,
    },
  },
  {
    name: 'all custody dropped',
    harm: (folder) => remove(folder, 'custody'),
    names: {
      'custody/000001.json': /export.json counts 3/,
      'custody/000003.json': /export.json counts 3/,
    },
  },
  {
    name: 'the chain cut, and export.json told so',
    harm: (folder) => {
      remove(folder, 'chain');
      rewrite(folder, 'export.json', () => ({ chain: [] }));
    },
    names: { 'chain/2/manifest.json': /the chain of manifests is cut/ },
  },
];

const added: readonly Tampering[] = [
  {
    name: 'a time stamp added',
    harm: (folder) => put(folder, 'manifest.tsr', 'x'),
    names: { 'manifest.tsr': /was added/ },
  },
  {
    name: 'a file added',
    harm: (folder) => put(folder, 'function/extra.txt', 'hi'),
    names: { 'function/extra.txt': /is not listed/ },
  },
  {
    name: 'a hidden file added',
    harm: (folder) => put(folder, '.hidden', ''),
    names: { '.hidden': /is not listed/ },
  },
  {
    name: 'a file with a hostile name',
    harm: (folder) => put(folder, 'a\u202e\u001b[2J\n', ''),
    names: { 'a\\u{202e}\\u{1b}[2J\\u{a}': /is not listed/ },
  },
  {
    name: 'a folder added',
    harm: (folder) => put(folder, 'More/file', ''),
    names: { 'More/': /is a folder that the manifest does not list/ },
  },
  {
    name: 'a file among the custody',
    harm: (folder) => put(folder, 'custody/notes.txt', ''),
    names: { 'custody/notes.txt': /is not listed/ },
  },
  {
    name: 'a second chain',
    harm: (folder) => put(folder, 'chain/9/manifest.json', '{}'),
    names: { 'chain/9/manifest.json': /is not listed/ },
  },
  {
    name: 'an object replaced by a link to the same bytes',
    harm: (folder) => {
      renameSync(join(folder, 'function/code.zip'), `${folder}.outside`);
      symlinkSync(`${folder}.outside`, join(folder, 'function/code.zip'));
    },
    names: { 'function/code.zip': /is a link/ },
  },
  {
    name: 'a link to a folder',
    harm: (folder) => symlinkSync('/', join(folder, 'root')),
    names: { root: /is a link/ },
  },
  {
    name: 'a custody entry signed by somebody else',
    harm: (folder) => {
      remade(`${folder}.other`, { entries: 1 });
      for (const kind of ['json', 'sig'])
        put(folder, `custody/000004.${kind}`, read(`${folder}.other`, `custody/000001.${kind}`));
    },
    names: { 'custody/000004.json': /is not entry 4/, 'custody/000004.sig': /is not valid/ },
  },
];

const changed: readonly Tampering[] = [
  {
    name: 'an entry of the manifest dropped',
    harm: (folder) =>
      rewrite(folder, 'manifest.json', ({ objects }) => ({ objects: [objects].flat().slice(1) })),
    names: {
      'manifest.sig': /is not valid/,
      'finding/1764000000000.json': /is not listed in the manifest/,
    },
  },
  {
    name: 'two objects swapped',
    harm: (folder) => swap(folder, 'function/configuration.json', 'role/policies/inline-1.json'),
    names: {
      'function/configuration.json': /was changed/,
      'role/policies/inline-1.json': /was changed/,
    },
  },
  {
    name: 'two signatures swapped',
    harm: (folder) => swap(folder, 'manifest.sig', 'custody/000001.sig'),
    names: { 'manifest.sig': /is not valid/, 'custody/000001.sig': /is not valid/ },
  },
  {
    name: 'export.json told that less was read',
    harm: (folder) => rewrite(folder, 'export.json', () => ({ custodyEntries: 2 })),
    names: { 'export.json': /does not describe this folder/ },
  },
  {
    name: 'the predecessor replaced by one signed with another key',
    harm: (folder) => {
      remade(`${folder}.other`, { before: newKey() });
      for (const path of ['manifest.json', 'manifest.sig', 'public-key.pem'])
        put(folder, `chain/2/${path}`, read(`${folder}.other`, `chain/2/${path}`));
    },
    names: { 'chain/2/manifest.json': /is not the manifest that its successor names/ },
  },
  {
    name: 'the manifest written with spaces, and signed so',
    harm: (folder) =>
      writeFileSync(
        join(folder, 'manifest.json'),
        JSON.stringify(JSON.parse(read(folder, 'manifest.json').toString()), null, 1),
      ),
    names: { 'manifest.json': /is not canonical JSON/, 'manifest.sig': /is not valid/ },
  },
];

/** What only whoever holds the key could do: the manifest itself is wrong. */
const signedWrongly: readonly Tampering[] = [
  {
    name: 'a path that leads out',
    harm: lists(listing('../x', '')),
    names: { 'manifest.json': /lists \.\.\/x/ },
    beyondRecipe: true,
  },
  {
    name: 'an absolute path',
    harm: lists(listing('/etc/passwd', '')),
    names: { 'manifest.json': /lists \/etc\/passwd/ },
    beyondRecipe: true,
  },
  {
    name: 'an object twice',
    harm: lists(listing('index.html', 'a'), listing('index.html', 'b')),
    names: { 'index.html': /is listed twice/ },
  },
  {
    name: 'an object that is none',
    harm: lists(null, 7),
    names: { 'manifest.json': /lists undefined/ },
    beyondRecipe: true,
  },
  {
    name: 'a custody entry as an object',
    harm: lists(listing('custody/000001.json', '')),
    names: { 'manifest.json': /lists custody/ },
    beyondRecipe: true,
  },
];

export const tamperings: readonly Tampering[] = [
  ...flipped,
  ...stamped,
  ...deleted,
  ...added,
  ...changed,
  ...signedWrongly,
];
