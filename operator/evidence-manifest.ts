import { at, isRecord } from '../responders/shared/json.ts';
import { type Bucket, bytesOf, type Folder } from './evidence-bucket.ts';

/** What a manifest says about one object. */
export interface ListedObject {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly versionId: string | undefined;
  readonly taken: string;
}

export interface Manifest {
  readonly value: unknown;
  readonly objects: readonly ListedObject[];
  readonly gaps: readonly {
    readonly collector: string;
    readonly what: string;
    readonly why: string;
  }[];
}

const recordsAt = (value: unknown, path: string): Record<string, unknown>[] => {
  const records = at(value, path);
  return Array.isArray(records) ? records.filter(isRecord) : [];
};

/** Reads a manifest for showing and fetching; whether it is right is the verifier's business. */
export const parseManifest = (bytes: Uint8Array): Manifest => {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  return {
    value,
    objects: recordsAt(value, 'objects').map(({ path, bytes: size, sha256, versionId, taken }) => ({
      path: String(path),
      bytes: Number(size),
      sha256: String(sha256),
      versionId: typeof versionId === 'string' ? versionId : undefined,
      taken: String(taken),
    })),
    gaps: recordsAt(value, 'gaps').map(({ collector, what, why }) => ({
      collector: String(collector),
      what: String(what),
      why: String(why),
    })),
  };
};

export const manifestOf = async (bucket: Bucket, { prefix, versions }: Folder): Promise<Manifest> =>
  parseManifest(
    await bytesOf(
      bucket,
      versions.get('manifest.json') ?? { key: `${prefix}manifest.json`, versionId: undefined },
    ),
  );
