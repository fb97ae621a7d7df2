import { createHash } from 'node:crypto';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { Head } from './case.ts';
import { evidencePrefix } from './incident-id.ts';

/** Where evidence goes. */
export interface Store {
  readonly s3: S3Client;
  readonly bucket: string;
}

/** One stored object, as the manifest lists it. */
export interface Entry {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly versionId: string | null;
  /** Which call or stage it came from. */
  readonly source: string;
  readonly taken: 'before containment' | 'after containment';
  readonly at: string;
}

/** What could not be read, and why. */
export interface Gap {
  readonly what: string;
  readonly why: string;
}

/** Each round of containment has a folder of its own, so that create-only keys never collide. */
export const folderOf = ({ id, round }: Pick<Head, 'id' | 'round'>): string => `${evidencePrefix(id)}${round > 1 ? `round-${round}/` : ''}`;

export interface Piece {
  /** Relative to the incident's folder; chosen by Cordon, never by the finding. */
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly type: string;
  readonly source: string;
}

const stored = async ({ s3, bucket }: Store, Key: string) => {
  const {
    ChecksumSHA256,
    ContentLength = 0,
    VersionId = null,
  } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: 'ENABLED' }));
  return { sha256: Buffer.from(ChecksumSHA256 ?? '', 'base64').toString('hex'), bytes: ContentLength, versionId: VersionId };
};

/** Stores one piece once. A retry finds what the first try stored and describes that. */
export const store = async (to: Store, head: Head, { path, body, type, source }: Piece): Promise<Entry> => {
  const key = `${folderOf(head)}${path}`;
  const bytes = Buffer.from(body);
  const hash = createHash('sha256').update(bytes).digest();
  const entry = {
    key,
    source,
    taken: head.clocks.accepted === null ? 'before containment' : 'after containment',
    at: new Date().toISOString(),
  } as const;
  try {
    const { VersionId = null } = await to.s3.send(
      new PutObjectCommand({
        Bucket: to.bucket,
        Key: key,
        Body: bytes,
        ContentType: type,
        IfNoneMatch: '*',
        ChecksumSHA256: hash.toString('base64'),
      }),
    );
    return { ...entry, sha256: hash.toString('hex'), bytes: bytes.length, versionId: VersionId };
  } catch (error) {
    if (error instanceof Error && error.name === 'PreconditionFailed') return { ...entry, ...(await stored(to, key)) };
    throw error;
  }
};

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
