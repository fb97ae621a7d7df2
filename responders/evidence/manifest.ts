import type { Entry, Gap } from '../incident/evidence.ts';
import type { Link } from './chain.ts';
import { canonical } from './verify.mjs';

/** One object as the manifest lists it; manifest.schema.json says the same to everybody else. */
export interface ManifestObject extends Omit<Locked, 'key'> {
  /** Relative to the incident's folder. */
  readonly path: string;
}

export interface Locked extends Entry {
  /** As S3 said when the manifest was made; `null` where it did not. */
  readonly retainUntil: string | null;
}

export interface Signing {
  readonly keyId: string;
  readonly algorithm: 'ECDSA_SHA_256';
  readonly publicKeySha256: string;
}

export interface Sealing {
  readonly incident: string;
  readonly round: number;
  readonly account: string;
  readonly region: string;
  readonly createdAt: string;
  readonly signing: Signing;
}

const compare = (left: { readonly path: string }, right: { readonly path: string }): number =>
  left.path < right.path ? -1 : left.path > right.path ? 1 : 0;

export const listed = (folder: string, entries: readonly Locked[]): readonly ManifestObject[] =>
  entries.map(({ key, ...entry }) => ({ path: key.slice(folder.length), ...entry })).sort(compare);

/** The manifest's bytes. Two who make it of the same facts make the same bytes. */
export const manifestBytes = (
  sealing: Sealing,
  objects: readonly ManifestObject[],
  gaps: readonly Gap[],
  previous: Link | null,
): Buffer =>
  Buffer.from(
    canonical({
      schema: 'cordon-manifest/1',
      ...sealing,
      sequence: (previous?.sequence ?? 0) + 1,
      previous: previous && {
        incident: previous.incident,
        key: previous.key,
        sha256: previous.sha256,
      },
      objects,
      gaps: gaps.map(({ collector = 'cordon', what, why }) => ({ collector, what, why })),
    }),
  );
