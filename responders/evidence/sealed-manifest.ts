import { verify } from 'node:crypto';
import type { Head } from '../incident/case.ts';
import { at, jsonIn } from '../shared/json.ts';
import { usualPlace } from './own-place.ts';
import type { PublicKey } from './signer.ts';

/** How the folder of a round is read. */
export interface FolderReader {
  /** One object by its path; nothing where there is none. */
  readonly read: (path: string) => Promise<Uint8Array | undefined>;
  /** The paths that begin with `own-`. */
  readonly ownPaths: () => Promise<readonly string[]>;
}

export interface SealedManifest {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export const manifestPath = 'manifest.json';

/** A manifest, its signature or its timestamp, at its usual place or at one of Cordon's own. */
export const isManifestFile = (path: string): boolean =>
  /^(own-[0-9a-f]{16}\/)?manifest\.(json|sig|tsr)$/.test(path);

/** The path of a manifest's signature. */
export const signaturePath = (path: string): string => path.replace(/json$/, 'sig');

const isAbout = (bytes: Uint8Array, { id, round }: Pick<Head, 'id' | 'round'>): boolean => {
  const manifest = jsonIn(Buffer.from(bytes).toString());
  return at(manifest, 'incident') === id && at(manifest, 'round') === round;
};

const signedAt = async (
  path: string,
  { read }: FolderReader,
  head: Pick<Head, 'id' | 'round'>,
  pem: string,
): Promise<SealedManifest | undefined> => {
  const bytes = await read(path);
  if (!bytes || !isAbout(bytes, head)) return undefined;
  const signature = await read(signaturePath(path));
  return signature && verify('sha256', bytes, pem, signature) ? { path, bytes } : undefined;
};

/**
 * The manifest of a round that the key of Cordon has signed. An object called `manifest.json`
 * proves nothing: an intruder who is faster may have stored it, and Cordon's own lies beside it.
 */
export const sealedManifest = async (
  folder: FolderReader,
  head: Pick<Head, 'id' | 'round'>,
  pem: string,
): Promise<SealedManifest | undefined> => {
  const usual = await signedAt(manifestPath, folder, head, pem);
  if (usual || !(await folder.read(manifestPath))) return usual;
  for (const path of await folder.ownPaths())
    if (usualPlace(path) === manifestPath) {
      const own = await signedAt(path, folder, head, pem);
      if (own) return own;
    }
  return undefined;
};

/**
 * The same for readers. A deployment that was made again has another key, so a manifest that names
 * an older one is taken as it is: the verifier says whose it is.
 */
export const readableManifest = async (
  folder: FolderReader,
  head: Pick<Head, 'id' | 'round'>,
  { pem, keyId }: Pick<PublicKey, 'pem'> & { readonly keyId: string },
): Promise<SealedManifest | undefined> => {
  const signed = await sealedManifest(folder, head, pem);
  const bytes = signed ? undefined : await folder.read(manifestPath);
  const named = bytes && at(jsonIn(Buffer.from(bytes).toString()), 'signing.keyId');
  return bytes && named !== keyId ? { path: manifestPath, bytes } : signed;
};
