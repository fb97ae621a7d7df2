import { createHash } from 'node:crypto';
import { at } from '../responders/shared/json.ts';
import {
  type Bucket,
  bytesOf,
  type Folder,
  firstOf,
  type ObjectVersion,
} from './evidence-bucket.ts';
import { type Manifest, parseManifest } from './evidence-manifest.ts';

/** A manifest before this one in the account's chain. */
export interface EarlierLink {
  readonly sequence: number;
  readonly sha256: string;
  /** Its files, by the path that they have in an export: `chain/7/manifest.json`. */
  readonly files: ReadonlyMap<string, ObjectVersion>;
}

/** How many earlier manifests are handed out at most. */
const mostEarlierManifests = 10;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The folder up to a custody entry. Later entries are left out: a concurrent reader may have
 * written its entry, but not yet the signature of that entry.
 */
export const upTo = (entryNumber: number, { versions, ...folder }: Folder): Folder => {
  const later = (path: string): boolean =>
    Number(/^custody\/(\d{6})\.(json|sig)$/.exec(path)?.[1] ?? 0) > entryNumber;
  return { ...folder, versions: new Map([...versions].filter(([path]) => !later(path))) };
};

const filesOf = async (
  bucket: Bucket,
  folder: string,
  to: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, ObjectVersion>> => {
  const files = await Promise.all(
    names.map(
      async (name) => [`${to}/${name}`, await firstOf(bucket, `${folder}${name}`)] as const,
    ),
  );
  return new Map(
    files.flatMap(([path, version]): [string, ObjectVersion][] =>
      version ? [[path, version]] : [],
    ),
  );
};

/**
 * The earlier manifests, the latest first, each with its signature, and with its public key if that
 * is another than the key of this manifest.
 */
export const earlierManifests = async (
  bucket: Bucket,
  manifest: Manifest,
): Promise<readonly EarlierLink[]> => {
  const ownKeyHash = at(manifest.value, 'signing.publicKeySha256');
  const links: EarlierLink[] = [];
  let { value } = manifest;
  for (
    let key = at(value, 'previous.key');
    typeof key === 'string' && links.length < mostEarlierManifests;
    key = at(value, 'previous.key')
  ) {
    const version = await firstOf(bucket, key);
    // Evidence of drills expires. The verifier reports a missing predecessor.
    if (!version) break;
    const bytes = await bytesOf(bucket, version);
    const sequence = Number(at(value, 'sequence')) - 1;
    ({ value } = parseManifest(bytes));
    const keyFiles = at(value, 'signing.publicKeySha256') === ownKeyHash ? [] : ['public-key.pem'];
    const folder = key.replace(/manifest\.json$/, '');
    const names = ['manifest.json', 'manifest.sig', ...keyFiles];
    const files = await filesOf(bucket, folder, `chain/${sequence}`, names);
    links.push({ sequence, sha256: sha256(bytes), files });
  }
  return links;
};
