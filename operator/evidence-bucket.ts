import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Buckets } from '../responders/evidence/buckets.ts';
import { incidentOfEntry } from '../responders/evidence/entry.ts';
import { ownPrefix, usualPlace } from '../responders/evidence/own-place.ts';
import {
  type FolderReader,
  isManifestFile,
  manifestPath,
  readableManifest,
} from '../responders/evidence/sealed-manifest.ts';
import { publicKeyOf } from '../responders/evidence/signer.ts';
import { folderOf } from '../responders/evidence/store.ts';
import { streamHash } from '../responders/evidence/stream-hash.ts';
import { evidencePrefix, indexRoot, isIncidentId } from '../responders/incident/incident-id.ts';
import { printable } from '../responders/shared/printable.ts';
import { CordonError } from './errors.ts';
import { type DecidingPlace, output, type Place } from './place.ts';
import { wholeId } from './whole-id.ts';

/** Evidence of drills lies apart and is kept for some days only. */
export type EvidenceKind = keyof Buckets;

/** An evidence bucket as an auditor sees it. */
export interface Bucket {
  readonly place: DecidingPlace;
  readonly kind: EvidenceKind;
  readonly s3: S3Client;
  readonly name: string;
}

/** The first version of an object: whatever was written over it later is not the evidence. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string | undefined;
  /** Its size; undefined where it has not been listed. */
  readonly bytes?: number | undefined;
}

/** What a folder holds, by path, and what somebody tried to overwrite or delete. */
export interface Folder {
  readonly incident: string;
  readonly round: number;
  readonly prefix: string;
  readonly versions: ReadonlyMap<string, ObjectVersion>;
  /** Paths of manifests that are not Cordon's; `versions` leaves them out. */
  readonly foreign: readonly string[];
  readonly touched: readonly string[];
}

const outputs: Readonly<Record<EvidenceKind, string>> = {
  real: 'EvidenceBucketName',
  drill: 'DrillEvidenceBucketName',
};

export const bucketOf = async (place: Place, kind: EvidenceKind): Promise<Bucket> => ({
  place,
  kind,
  s3: new S3Client(await place.config('auditor')),
  name: output(place, 'CordonResponse', outputs[kind]),
});

/** The ids of the incidents that a bucket's index names. */
const idsIn = async ({ s3, name }: Bucket): Promise<readonly string[]> => {
  const ids = new Set<string>();
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: name, Prefix: indexRoot },
  ))
    for (const { Key = '' } of Contents) ids.add(incidentOfEntry(Key));
  return [...ids];
};

/**
 * The bucket that holds an incident, which may be named by the beginning of its id. The auditor may
 * not read cases, so both are looked for in the buckets; no incident is in both.
 */
export const bucketWith = async (
  place: Place,
  given: string,
): Promise<{ readonly bucket: Bucket; readonly incident: string }> => {
  const [real, drill] = await Promise.all([bucketOf(place, 'real'), bucketOf(place, 'drill')]);
  const incident = await wholeId(given, {
    ids: async () => (await Promise.all([real, drill].map(idsIn))).flat(),
    unknown: () =>
      new CordonError(
        `no incident with evidence begins with ${given}: "cordon incidents" lists all incidents`,
      ),
  });
  if (!isIncidentId(incident))
    throw new CordonError(
      `${printable(incident, 60)} is not the id of an incident: "cordon incidents" lists them`,
      { code: 2 },
    );
  const list = { Bucket: real.name, Prefix: evidencePrefix(incident), MaxKeys: 1 };
  const { KeyCount = 0 } = await real.s3.send(new ListObjectsV2Command(list));
  return { bucket: KeyCount > 0 ? real : drill, incident };
};

/** Every version below a prefix; of one key the newest comes first. */
const versionsBelow = async (
  { s3, name }: Bucket,
  Prefix: string,
): Promise<{ versions: Map<string, ObjectVersion>; touched: Set<string> }> => {
  const versions = new Map<string, ObjectVersion>();
  const touched = new Set<string>();
  let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
  do {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket: name, Prefix, KeyMarker, VersionIdMarker }),
    );
    for (const { Key: key = '', VersionId: versionId, Size: bytes } of page.Versions ?? []) {
      if (versions.has(key)) touched.add(key);
      versions.set(key, { key, versionId, bytes });
    }
    for (const { Key = '' } of page.DeleteMarkers ?? []) touched.add(Key);
    [KeyMarker, VersionIdMarker] = page.IsTruncated
      ? [page.NextKeyMarker, page.NextVersionIdMarker]
      : [];
  } while (KeyMarker);
  return { versions, touched };
};

const roundOf = (path: string): number => Number(/^round-(\d+)\//.exec(path)?.[1] ?? 1);

/** Whether a key belongs to a round, and the path that it has there. */
const pathIn = (incident: string, round: number) => {
  const [folder, prefix] = [evidencePrefix(incident), folderOf({ id: incident, round })];
  return (key: string): string[] =>
    key.startsWith(prefix) && roundOf(key.slice(folder.length)) === round
      ? [key.slice(prefix.length)]
      : [];
};

/** Gives the files of Cordon's manifest their usual names, and leaves those of others out. */
const withManifest = (
  versions: ReadonlyMap<string, ObjectVersion>,
  manifest: string,
): Pick<Folder, 'versions' | 'foreign'> => {
  const place = manifest.replace(manifestPath, '');
  const isOthers = (path: string): boolean =>
    isManifestFile(path) && path.replace(/manifest\.\w+$/, '') !== place;
  return {
    versions: new Map(
      [...versions]
        .filter(([path]) => !isOthers(path))
        .map(([path, version]) => [isManifestFile(path) ? usualPlace(path) : path, version]),
    ),
    foreign: [...versions.keys()].filter(isOthers),
  };
};

export interface ManifestKey {
  readonly keyId: string;
  readonly pem: string;
}

/** The key of this deployment, which signs manifests. */
export const signingKeyOf = async (place: DecidingPlace): Promise<ManifestKey> => {
  const keyId = output(place, 'CordonResponse', 'SigningKeyArn');
  const { KMSClient } = await import('@aws-sdk/client-kms');
  const { pem } = await publicKeyOf({ kms: new KMSClient(await place.config('auditor')), keyId });
  return { keyId, pem };
};

const readerOf = (bucket: Bucket, versions: ReadonlyMap<string, ObjectVersion>): FolderReader => ({
  read: async (path) => {
    const version = versions.get(path);
    return version && bytesOf(bucket, version);
  },
  ownPaths: async () => [...versions.keys()].filter((path) => path.startsWith(ownPrefix)),
});

/** The folder of one round; of the latest that is sealed when none is named. */
export const openFolder = async (
  bucket: Bucket,
  incident: string,
  wanted?: number,
  signingKey: (place: DecidingPlace) => Promise<ManifestKey> = signingKeyOf,
): Promise<Folder> => {
  const incidentPrefix = evidencePrefix(incident);
  const { versions, touched } = await versionsBelow(bucket, incidentPrefix);
  const rounds = [...versions.keys()]
    .map((key) => key.slice(incidentPrefix.length))
    .filter((path) => /^(round-\d+\/)?manifest\.json$/.test(path))
    .map(roundOf)
    .filter((round) => wanted === undefined || round === wanted)
    .sort((left, right) => right - left);
  const key = rounds.length > 0 ? await signingKey(bucket.place) : undefined;
  for (const round of key ? rounds : []) {
    const paths = pathIn(incident, round);
    const own = new Map(
      [...versions].flatMap(([name, version]) =>
        paths(name).map((path): [string, ObjectVersion] => [path, version]),
      ),
    );
    const manifest =
      key && (await readableManifest(readerOf(bucket, own), { id: incident, round }, key));
    if (manifest)
      return {
        ...{ incident, round, prefix: folderOf({ id: incident, round }) },
        ...withManifest(own, manifest.path),
        touched: [...touched].flatMap(paths),
      };
  }
  throw new CordonError(
    `${incident} has no sealed evidence${wanted === undefined ? '' : ` of round ${wanted}`}: ` +
      `"cordon show ${incident}" says how far it is; that of a drill is kept for some days only`,
  );
};

export const streamOf = async (
  { s3, name }: Bucket,
  { key, versionId }: ObjectVersion,
): Promise<Readable> => {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: name, Key: key, VersionId: versionId }),
  );
  if (Body instanceof Readable) return Body;
  throw new CordonError(`S3 sent no content for ${printable(key)}`);
};

export const bytesOf = async (bucket: Bucket, version: ObjectVersion): Promise<Buffer> =>
  Buffer.concat(await (await streamOf(bucket, version)).toArray());

export const hashOf = async (bucket: Bucket, version: ObjectVersion): Promise<string> =>
  streamHash(await streamOf(bucket, version));

/** The first version of any key; nothing where there is none. */
export const firstOf = async (bucket: Bucket, key: string): Promise<ObjectVersion | undefined> =>
  (await versionsBelow(bucket, key)).versions.get(key);

/** Cordon has not signed it, so it is no manifest of this incident. */
export const foreignNote = (path: string): string =>
  `${printable(path)}: Cordon has not signed it; the manifest of Cordon lies beside it`;
