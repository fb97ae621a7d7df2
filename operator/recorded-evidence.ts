import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { bucketFor } from '../responders/evidence/buckets.ts';
import type { Case } from '../responders/incident/case.ts';
import { evidencePrefix, indexPrefix } from '../responders/incident/incident-id.ts';
import { entriesOf, reportStage, timelineStage } from '../responders/incident/stage.ts';
import { errorText } from '../responders/shared/errors.ts';
import { isRecord, listAt } from '../responders/shared/json.ts';
import { output, type Place } from './place.ts';

/** An evidence object, downloaded and hashed. */
export interface DownloadedObject {
  readonly key: string;
  readonly wanted: string;
  readonly got: string;
}

/** A line of the timeline, as text to search, and whether AWS said no. */
export interface TimelineLine {
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
}

/**
 * Every object that the stages of an incident have recorded, by key. The manifest lists the others
 * and is recorded itself.
 */
export const recordedOf = ({
  stages,
  earlierStages,
}: Case): ReadonlyMap<string, { readonly sha256: string; readonly bytes: number }> => {
  const ran = [...stages, ...earlierStages];
  const manifests = ran.filter((stage) => stage.kind === 'sealing').map((stage) => stage.manifest);
  return new Map(
    [...entriesOf(ran), ...manifests].map(({ key, sha256, bytes }) => [key, { sha256, bytes }]),
  );
};

/** What the keys of everything about an incident begin with: its folder and its index entries. */
export const evidencePrefixes = (id: string): readonly string[] => [
  evidencePrefix(id),
  indexPrefix(id),
];

export interface EvidenceReader {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** The bucket of the evidence of real incidents, or that of drills. */
export const evidenceBucketOf = (
  place: Pick<Place, 'outputs'>,
  kind: Pick<Case['head'], 'drill'>,
): string =>
  bucketFor(kind, {
    real: output(place, 'CordonResponse', 'EvidenceBucketName'),
    drill: output(place, 'CordonResponse', 'DrillEvidenceBucketName'),
  });

/** Reads the evidence of real incidents, or that of drills. */
export const evidenceOf = async (
  place: Place,
  kind: Pick<Case['head'], 'drill'>,
): Promise<EvidenceReader> => {
  // "cordon show" counts evidence and reads none, so it starts without this client.
  const { S3Client } = await import('@aws-sdk/client-s3');
  return {
    s3: new S3Client(await place.config('reader')),
    bucket: evidenceBucketOf(place, kind),
  };
};

/** One object. */
export const bytesOf = async (key: string, { s3, bucket }: EvidenceReader): Promise<Uint8Array> => {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
};

/** Downloads everything that was recorded, and hashes what came. */
export const downloadRecorded = (
  incident: Case,
  evidence: EvidenceReader,
): Promise<DownloadedObject[]> =>
  Promise.all(
    [...recordedOf(incident)].map(async ([key, { sha256: wanted }]) => {
      const got = await bytesOf(key, evidence).then(
        (bytes) => createHash('sha256').update(bytes).digest('hex'),
        errorText,
      );
      return { key, wanted, got };
    }),
  );

/** The events of the latest timeline. */
export const timelineOf = async (
  { stages }: Case,
  evidence: EvidenceReader,
): Promise<TimelineLine[]> => {
  const key = timelineStage(stages, 2)?.json ?? timelineStage(stages, 1)?.json ?? null;
  if (key === null) return [];
  const read: unknown = JSON.parse(new TextDecoder().decode(await bytesOf(key, evidence)));
  return listAt(read, 'all')
    .filter(isRecord)
    .map(({ at: time, action, outcome }) => ({
      at: String(time),
      action: String(action),
      outcome: String(outcome),
    }));
};

/** The text of the latest report. */
export const reportOf = async (
  { stages }: Case,
  evidence: EvidenceReader,
): Promise<string | null> => {
  const latest = reportStage(stages, 2) ?? reportStage(stages, 1);
  return latest ? new TextDecoder().decode(await bytesOf(latest.text, evidence)) : null;
};
