import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import type { Store } from '../../../responders/evidence/store.ts';

interface Kept {
  readonly body: Buffer;
  readonly sha256: string;
  readonly versionId: string;
}

const refused = (name: string): Error => Object.assign(new Error('refused'), { name });

const whole = async (body: unknown): Promise<Buffer> => {
  if (!(body instanceof Readable)) return Buffer.from(body as Uint8Array);
  const parts: Buffer[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
};

/** Until when everything is locked in it. */
export const lockedUntil = '2027-02-19T00:00:00.000Z';

/**
 * A locked bucket that remembers: create-only keys, checksums that are checked, versions,
 * retention. `fail` makes a put fail.
 */
export const fakeBucket = (fail: (key: string) => string | undefined = () => undefined) => {
  const s3 = new S3Client({ region: 'eu-west-1' });
  const mock = mockClient(s3);
  const objects = new Map<string, Kept>();
  const puts: { key: string; legalHold: string | undefined }[] = [];
  mock
    .on(PutObjectCommand)
    .callsFake(
      async ({
        Key,
        Body,
        IfNoneMatch,
        ChecksumSHA256,
        ContentLength,
        ObjectLockLegalHoldStatus,
      }) => {
        if (IfNoneMatch !== '*') throw refused('AccessDenied');
        const failure = fail(Key);
        if (failure) throw refused(failure);
        const body = await whole(Body);
        const sha256 = createHash('sha256').update(body).digest('base64');
        if (ContentLength !== body.length) throw refused('IncompleteBody');
        if (sha256 !== ChecksumSHA256) throw refused('BadDigest');
        if (objects.has(Key)) throw refused('PreconditionFailed');
        puts.push({ key: Key, legalHold: ObjectLockLegalHoldStatus });
        objects.set(Key, { body, sha256, versionId: `v${objects.size + 1}` });
        return { VersionId: `v${objects.size}` };
      },
    );
  const found = (key: string): Kept => {
    const kept = objects.get(key);
    if (!kept) throw refused('NotFound');
    return kept;
  };
  mock.on(HeadObjectCommand).callsFake(({ Key }) => {
    const { body, sha256, versionId } = found(Key);
    const ObjectLockRetainUntilDate = new Date(lockedUntil);
    return {
      ContentLength: body.length,
      ChecksumSHA256: sha256,
      VersionId: versionId,
      ObjectLockRetainUntilDate,
    };
  });
  mock.on(GetObjectCommand).callsFake(({ Key, Range }) => {
    const [, start, end] = /bytes=(\d+)-(\d+)/.exec(Range ?? '') ?? [];
    const part = found(Key).body.subarray(
      Number(start ?? 0),
      end === undefined ? undefined : Number(end) + 1,
    );
    const Body = Object.assign(Readable.from([part]), {
      transformToByteArray: async () => part,
      transformToString: async () => part.toString(),
    });
    return { Body };
  });
  const keysOf = (prefix: string) =>
    [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  mock.on(ListObjectVersionsCommand).callsFake(({ Prefix }) => ({
    Versions: keysOf(Prefix).map((Key) => ({ Key, VersionId: objects.get(Key)?.versionId })),
  }));
  mock
    .on(ListObjectsV2Command)
    .callsFake(({ Prefix, StartAfter = '', MaxKeys = 1_000, Delimiter }) => {
      const keys = keysOf(Prefix).filter((key) => key > StartAfter);
      if (Delimiter === undefined)
        return {
          Contents: keys.slice(0, MaxKeys).map((Key) => ({ Key })),
          IsTruncated: keys.length > MaxKeys,
        };
      const folders = keys.map(
        (key) => Prefix + key.slice(Prefix.length).split(Delimiter)[0] + Delimiter,
      );
      return { CommonPrefixes: [...new Set(folders)].map((one) => ({ Prefix: one })) };
    });
  const to: Store = { s3, bucket: 'evidence' };
  return { to, mock, objects, puts };
};
