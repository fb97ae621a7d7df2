import { createHash } from 'node:crypto';
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
import { folderOf } from '../responders/evidence/store.ts';
import { evidencePrefix, indexRoot, isIncidentId } from '../responders/incident/incident-id.ts';
import { printable } from '../responders/shared/printable.ts';
import { CordonError } from './errors.ts';
import { output, type Place } from './place.ts';
import { wholeId } from './whole-id.ts';

/** Evidence of drills lies apart and is kept for some days only. */
export type EvidenceKind = keyof Buckets;

/** An evidence bucket as an auditor sees it. */
export interface Bucket {
  readonly place: Place;
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

/** The folder of one round; of the latest that is sealed when none is named. */
export const openFolder = async (
  bucket: Bucket,
  incident: string,
  wanted?: number,
): Promise<Folder> => {
  const incidentPrefix = evidencePrefix(incident);
  const { versions, touched } = await versionsBelow(bucket, incidentPrefix);
  const sealed = [...versions.keys()].filter((key) =>
    /^(round-\d+\/)?manifest\.json$/.test(key.slice(incidentPrefix.length)),
  );
  const round =
    wanted ?? Math.max(0, ...sealed.map((key) => roundOf(key.slice(incidentPrefix.length))));
  const prefix = folderOf({ id: incident, round });
  if (!versions.has(`${prefix}manifest.json`))
    throw new CordonError(
      `${incident} has no sealed evidence${wanted === undefined ? '' : ` of round ${wanted}`}: ` +
        `"cordon show ${incident}" says how far it is; that of a drill is kept for some days only`,
    );
  const own = (key: string): boolean =>
    key.startsWith(prefix) && roundOf(key.slice(incidentPrefix.length)) === round;
  return {
    incident,
    round,
    prefix,
    versions: new Map(
      [...versions]
        .filter(([key]) => own(key))
        .map(([key, version]) => [key.slice(prefix.length), version]),
    ),
    touched: [...touched].filter(own).map((key) => key.slice(prefix.length)),
  };
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

export const hashOf = async (bucket: Bucket, version: ObjectVersion): Promise<string> => {
  const hash = createHash('sha256');
  for await (const part of await streamOf(bucket, version)) hash.update(part);
  return hash.digest('hex');
};

/** The first version of any key; nothing where there is none. */
export const firstOf = async (bucket: Bucket, key: string): Promise<ObjectVersion | undefined> =>
  (await versionsBelow(bucket, key)).versions.get(key);
