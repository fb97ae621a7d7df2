import { createHash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** The locked bucket. Its policy refuses a second version of any object. */
export interface SealBucket {
  readonly s3: S3Client;
  readonly name: string;
}

/** An object's content; nothing where there is none. */
export const readObject = async (
  { s3, name }: SealBucket,
  key: string,
): Promise<Buffer | undefined> => {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: name, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error &&
  ['PreconditionFailed', 'ConditionalRequestConflict'].includes(error.name);

/**
 * Creates an object, or keeps what an ended run has left under its key: the bytes that are there,
 * and their version where this call has made it. Nothing is ever overwritten.
 */
export const createOrKeep = async (
  bucket: SealBucket,
  key: string,
  body: string | Uint8Array,
): Promise<{ readonly bytes: Buffer; readonly versionId: string | null }> => {
  const bytes = Buffer.from(body);
  try {
    const { VersionId: versionId = null } = await bucket.s3.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: key,
        Body: bytes,
        ChecksumSHA256: createHash('sha256').update(bytes).digest('base64'),
        IfNoneMatch: '*',
      }),
    );
    return { bytes, versionId };
  } catch (error) {
    const there = isTaken(error) ? await readObject(bucket, key) : undefined;
    if (!there) throw error;
    return { bytes: there, versionId: null };
  }
};

/** Creates an object, or sees that the same bytes are there. Other bytes are an error. */
export const createObject = async (
  bucket: SealBucket,
  key: string,
  body: string | Uint8Array,
): Promise<void> => {
  const { bytes } = await createOrKeep(bucket, key, body);
  if (!bytes.equals(Buffer.from(body)))
    throw new Error(`other bytes have taken ${key} in the bucket of the seals`);
};
