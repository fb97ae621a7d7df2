import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Head } from '../incident/case.ts';
import type { Entry } from '../incident/evidence.ts';
import { evidencePrefix } from '../incident/incident-id.ts';
import { ownPlace } from './own-place.ts';

/** Where evidence goes. */
export interface Store {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Beside the retention: kept until a person lifts it. By configuration. */
  readonly legalHold?: boolean;
}

interface PieceHeader {
  /** Relative to the incident's folder; chosen by Cordon, never by the finding. */
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly requestId?: string | null;
}

export interface Piece extends PieceHeader {
  readonly body: string | Uint8Array;
  /** When it was read, where that was long before it is stored. */
  readonly readAt?: number;
}

/** Something too large for memory behind a link that AWS hands out; streamed into the bucket. */
export interface Download extends PieceHeader {
  /** What AWS says that its SHA-256 is, in base64. */
  readonly sha256: string;
  /**
   * Asks for a new link each time: links expire, and are bearer credentials that are never kept.
   */
  open(): Promise<{ readonly body: Readable; readonly bytes: number }>;
}

/** Who collected, and when it began. */
export interface Origin {
  readonly collector: string;
  readonly startedAt: number;
  readonly signal?: AbortSignal;
}

/** Each round of containment has a folder of its own, so that create-only keys never collide. */
export const folderOf = ({ id, round }: Pick<Head, 'id' | 'round'>): string =>
  `${evidencePrefix(id)}${round > 1 ? `round-${round}/` : ''}`;

/**
 * No segment begins with a dot, so none can be `..`; no letter needs an escape in a URL, a shell or
 * a page.
 */
const isPath = (path: string): boolean =>
  path.length <= 200 && /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/.test(path);

/**
 * The full key of a path in the incident's folder. A path that Cordon would not choose is a bug,
 * and ends here.
 */
export const keyOf = (head: Pick<Head, 'id' | 'round'>, path: string): string => {
  if (!isPath(path))
    throw new Error(`${JSON.stringify(path.slice(0, 80))} is not a path of evidence`);
  return `${folderOf(head)}${path}`;
};

/** The full key of another place for a path that other bytes have taken. */
export const ownKeyOf = (head: Pick<Head, 'id' | 'round'>, path: string): string => {
  keyOf(head, path);
  return `${folderOf(head)}${ownPlace(path)}`;
};

/** An object as S3 keeps it, checksum and lock included; nothing where there is none. */
export const stored = async ({ s3, bucket }: Store, Key: string, VersionId?: string) => {
  try {
    const head = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key, VersionId, ChecksumMode: 'ENABLED' }),
    );
    return {
      sha256: Buffer.from(head.ChecksumSHA256 ?? '', 'base64').toString('hex'),
      bytes: head.ContentLength ?? 0,
      versionId: head.VersionId ?? null,
      retainUntil: head.ObjectLockRetainUntilDate?.toISOString() ?? null,
    };
  } catch (error) {
    // Without the right to list, S3 says that what is not there is forbidden.
    if (error instanceof Error && ['NotFound', 'NoSuchKey'].includes(error.name)) return undefined;
    throw error;
  }
};

export interface NewObject {
  readonly key: string;
  readonly body: Uint8Array | Readable;
  readonly bytes: number;
  /** In base64; S3 refuses anything else. */
  readonly sha256: string;
  readonly type: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Creates an object with a checksum that S3 verifies. `undefined` when the key is taken: nothing is
 * ever overwritten.
 */
export const create = async (
  { s3, bucket, legalHold }: Store,
  { key, body, bytes, sha256, type, signal }: NewObject,
): Promise<{ readonly versionId: string | null } | undefined> => {
  const object = {
    Bucket: bucket,
    Key: key,
    Body: body,
    ContentLength: bytes,
    ContentType: type,
    ChecksumSHA256: sha256,
  };
  const held = legalHold ? { ObjectLockLegalHoldStatus: 'ON' as const } : {};
  try {
    const { VersionId = null } = await s3.send(
      new PutObjectCommand({ ...object, ...held, IfNoneMatch: '*' }),
      signal && { abortSignal: signal },
    );
    return { versionId: VersionId };
  } catch (error) {
    if (
      error instanceof Error &&
      ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.name)
    )
      return undefined;
    throw error;
  }
};

/** The same for bytes that are in memory. */
export const createBytes = (
  to: Store,
  { key, body, type, signal }: Pick<NewObject, 'key' | 'type' | 'signal'> & { body: Uint8Array },
): ReturnType<typeof create> =>
  create(to, {
    key,
    body,
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('base64'),
    type,
    signal,
  });

/** An object's content. */
export const bytesOf = async (
  { s3, bucket }: Pick<Store, 's3' | 'bucket'>,
  key: string,
): Promise<Uint8Array> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
};

/** The part of an entry that says where it came from and when. */
export const provenance = (
  head: Head,
  key: string,
  { source, requestId = null }: PieceHeader,
  { collector, startedAt }: Origin,
) => ({
  key,
  source,
  requestId,
  collector,
  startedAt: new Date(startedAt).toISOString(),
  endedAt: new Date().toISOString(),
  taken:
    head.clocks.accepted === null || startedAt < head.clocks.accepted
      ? ('before containment' as const)
      : ('after containment' as const),
});

/** What S3 keeps under a key, made now or before. */
interface Settled {
  readonly key: string;
  readonly versionId: string | null;
}

/**
 * Creates an object, or finds the same bytes there, as a retry does. `undefined` if other bytes
 * have taken the key.
 */
export const createOrMatch = async (
  to: Store,
  object: Pick<NewObject, 'key' | 'type' | 'signal'> & { readonly body: Uint8Array },
): Promise<Settled | undefined> => {
  const { key, body } = object;
  const made = await createBytes(to, object);
  if (made) return { key, ...made };
  const there = await stored(to, key);
  if (!there) throw new Error(`${key} is taken and cannot be read`);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return there.sha256 === sha256 ? { key, versionId: there.versionId } : undefined;
};

/**
 * Stores one piece once. A retry with the same bytes finds what the first try stored. Where other
 * bytes lie, they stay, and the piece gets a place of its own.
 */
export const store = async (
  to: Store,
  head: Head,
  piece: Piece,
  origin?: Origin,
): Promise<Entry> => {
  const body = Buffer.from(piece.body);
  const { collector = 'cordon', startedAt = Date.now(), signal } = origin ?? {};
  const object = { body, type: piece.type, signal };
  const usual = await createOrMatch(to, { key: keyOf(head, piece.path), ...object });
  const own = usual ?? (await createOrMatch(to, { key: ownKeyOf(head, piece.path), ...object }));
  if (!own) throw new Error(`${piece.path} is taken, and so is its place beside it`);
  return {
    ...provenance(head, own.key, piece, { collector, startedAt: piece.readAt ?? startedAt }),
    ...(!usual && { insteadOf: piece.path }),
    sha256: createHash('sha256').update(body).digest('hex'),
    bytes: body.length,
    versionId: own.versionId,
  };
};

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
