import { createHash, createPublicKey, verify as fits, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import {
  type Access,
  CrowdedError,
  type Notary,
  NotSealedError,
  writeCustody,
} from '../../../../responders/evidence/custody.ts';
import { canonical, verify } from '../../../../responders/evidence/verify.mjs';
import { makeFolder, newKey, put } from '../../../support/responders/evidence/folder.ts';
import { faultsOf } from '../../../support/responders/evidence/schemas.ts';

const key = newKey();
const publicKey = {
  PublicKey: createPublicKey(key.pem).export({ type: 'spki', format: 'der' }),
};
const prefix = 'incidents/2026/11/21/inc-20261121-7f3k2m8q/';
const access: Access = {
  incident: 'inc-20261121-7f3k2m8q',
  round: 1,
  who: 'arn:aws:iam::1:user/ann',
  what: 'read',
  purpose: 'audit',
  objects: 3,
  saidBy: 'command',
};
const { saidBy: _saidBy, ...written } = access;
const named = (name: string): Error => Object.assign(new Error(name), { name });

/** A bucket that remembers, creates only, and lists two at a time. */
const aBucket = (
  given: Readonly<Record<string, string>> = { 'manifest.json': '{"sealed":true}' },
) => {
  const objects = new Map<string, Buffer>(
    Object.entries(given).map(([path, body]) => [`${prefix}${path}`, Buffer.from(body)]),
  );
  const s3 = new S3Client({ region: 'eu-west-1' });
  const fake = mockClient(s3);
  fake.on(GetObjectCommand).callsFake(({ Key }: { Key: string }) => {
    const body = objects.get(Key);
    if (!body) throw named('NoSuchKey');
    return { Body: { transformToByteArray: async () => body } };
  });
  fake
    .on(PutObjectCommand)
    .callsFake(
      async ({
        Key,
        Body,
        IfNoneMatch,
      }: {
        Key: string;
        Body: Uint8Array;
        IfNoneMatch?: string;
      }) => {
        await Promise.resolve();
        if (IfNoneMatch !== '*' || objects.has(Key)) throw named('PreconditionFailed');
        objects.set(Key, Buffer.from(Body));
        return {};
      },
    );
  fake
    .on(ListObjectsV2Command)
    .callsFake(({ Prefix, ContinuationToken }: { Prefix: string; ContinuationToken?: string }) => {
      const keys = [...objects.keys()].filter((one) => one.startsWith(Prefix)).sort();
      const start = Number(ContinuationToken ?? 0);
      const more = start + 2 < keys.length;
      return {
        Contents: keys.slice(start, start + 2).map((Key) => ({ Key })),
        IsTruncated: more,
        NextContinuationToken: more ? String(start + 2) : undefined,
      };
    });
  return {
    s3,
    fake,
    objects,
    text: (path: string) => objects.get(`${prefix}${path}`)?.toString() ?? '',
  };
};

const notaryOf = (s3: S3Client): Notary => {
  const kms = new KMSClient({ region: 'eu-west-1' });
  // A digest cannot be signed with node:crypto: the fake finds the entry that it belongs to.
  mockClient(kms)
    .on(GetPublicKeyCommand)
    .resolves(publicKey)
    .on(SignCommand)
    .callsFake(({ Message }: { Message: Uint8Array }) => ({ Signature: signatureOf(Message) }));
  return { s3, bucket: 'b', kms, keyId: 'k', now: () => Date.parse('2026-11-21T10:00:07Z') };
};
const bodies = new Map<string, Buffer>();
const remember = (body: Buffer): void =>
  void bodies.set(createHash('sha256').update(body).digest('hex'), body);
const signatureOf = (digest: Uint8Array): Uint8Array =>
  sign(
    'sha256',
    bodies.get(Buffer.from(digest).toString('hex')) ?? Buffer.alloc(0),
    key.privateKey,
  );

/** Lets the fake KMS know every entry that is put. */
const watched = (bucket: ReturnType<typeof aBucket>): Notary => {
  const set = bucket.objects.set.bind(bucket.objects);
  bucket.objects.set = (name, body) => {
    remember(body);
    return set(name, body);
  };
  for (const body of bucket.objects.values()) remember(body);
  return notaryOf(bucket.s3);
};
const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

it('the first entry names the manifest, the next one the first; both are signed', async () => {
  const bucket = aBucket();
  const notary = watched(bucket);

  const first = await writeCustody(access, notary);
  const second = await writeCustody({ ...access, what: 'export', purpose: 'copy “4711”' }, notary);

  expect(JSON.parse(bucket.text('custody/000001.json'))).toEqual({
    ...written,
    schema: 'cordon-custody/1',
    sequence: 1,
    previous: hash('{"sealed":true}'),
    at: '2026-11-21T10:00:07.000Z',
    whoBy: 'stated by the command',
  });
  expect(JSON.parse(bucket.text('custody/000002.json'))).toMatchObject({
    sequence: 2,
    previous: first.sha256,
    purpose: 'copy “4711”',
  });
  for (const number of [1, 2])
    expect(faultsOf('custody', JSON.parse(bucket.text(`custody/00000${number}.json`)))).toEqual([]);
  expect(second).toEqual({ sequence: 2, sha256: hash(bucket.text('custody/000002.json')) });
  const signature = bucket.objects.get(`${prefix}custody/000002.sig`) ?? Buffer.alloc(0);
  expect(
    fits(
      'sha256',
      Buffer.from(bucket.text('custody/000002.json')),
      createPublicKey(key.pem),
      signature,
    ),
  ).toBe(true);
});

it('ten at once get ten numbers, and the verifier is content with the chain', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-custody-'));
  makeFolder(folder, { key, entries: 0 });
  const bucket = aBucket({ 'manifest.json': readFileSync(join(folder, 'manifest.json'), 'utf8') });
  const notary = watched(bucket);

  const written = await Promise.all(Array.from({ length: 10 }, () => writeCustody(access, notary)));

  expect(written.map(({ sequence }) => sequence).sort((one, other) => one - other)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  for (const [name, body] of bucket.objects) put(folder, name.slice(prefix.length), body);
  const read = JSON.parse(readFileSync(join(folder, 'export.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  put(
    folder,
    'export.json',
    canonical({
      ...read,
      custodyEntries: 10,
      lastCustody: hash(bucket.text('custody/000010.json')),
    }),
  );
  expect((await verify(folder)).findings).toEqual([]);
  rmSync(folder, { recursive: true });
});

it('an entry whose writer was stopped before it signed is signed by the next one', async () => {
  const bucket = aBucket();
  const notary = watched(bucket);
  await writeCustody(access, notary);
  bucket.objects.delete(`${prefix}custody/000001.sig`);

  await writeCustody(access, notary);

  expect([...bucket.objects.keys()].filter((name) => name.endsWith('.sig')).length).toBe(2);
});

it('no signature is stored where KMS gave none: the next one signs', async () => {
  const bucket = aBucket();
  const notary = watched(bucket);
  const kms = new KMSClient({ region: 'eu-west-1' });
  mockClient(kms).on(GetPublicKeyCommand).resolves(publicKey).on(SignCommand).resolves({});
  const signatures = () =>
    [...bucket.objects.keys()].filter((name) => name.endsWith('.sig')).length;

  await expect(writeCustody(access, { ...notary, kms })).rejects.toThrow('KMS gave no signature');
  expect(signatures()).toBe(0);
  await writeCustody(access, notary);
  expect(signatures()).toBe(2);
});

it('without a manifest there is nothing to begin with', async () => {
  await expect(writeCustody(access, watched(aBucket({})))).rejects.toThrow(NotSealedError);
});

it('gives up in a sentence when others always are faster', async () => {
  const bucket = aBucket();
  bucket.fake.on(PutObjectCommand).rejects(named('PreconditionFailed'));

  await expect(writeCustody(access, watched(bucket))).rejects.toThrow(CrowdedError);
});

it('another round has a chain of its own', async () => {
  const bucket = aBucket({ 'manifest.json': 'one', 'round-2/manifest.json': 'two' });
  const notary = watched(bucket);

  await writeCustody({ ...access, round: 2 }, notary);

  expect(JSON.parse(bucket.text('round-2/custody/000001.json'))).toMatchObject({
    round: 2,
    sequence: 1,
    previous: hash('two'),
  });
});
