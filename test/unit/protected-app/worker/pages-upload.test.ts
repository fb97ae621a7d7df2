import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { removePages, uploadPages } from '../../../../protected-app/worker/pages-upload.ts';
import { temp } from '../../../support/temp.ts';

const s3 = mockClient(S3Client);
const now = Date.parse('2026-11-30T12:00:00Z');
const daysAgo = (days: number): Date => new Date(now - days * 86_400_000);

const site = (files: readonly string[]): string => {
  const folder = temp('site');
  mkdirSync(join(folder, 'assets'));
  for (const file of files) writeFileSync(join(folder, file), file);
  return folder;
};
const upload = (files: readonly string[]): Promise<void> =>
  uploadPages({
    ...{ s3: new S3Client({ region: 'us-east-1' }), bucket: 'pages', folder: site(files) },
    ...{ config: { api: 'https://api.example/v1' }, now: () => now },
  });

beforeEach(() => {
  s3.reset();
  s3.on(PutObjectCommand).resolves({});
  s3.on(DeleteObjectsCommand).resolves({});
  s3.on(ListObjectsV2Command).resolves({ Contents: [] });
});

const files = ['assets/index-abc.js', 'assets/style-def.css', 'index.html', 'mark.svg'];

it('uploads index.html last, and keeps for ever only what has a hash in its name', async () => {
  await upload(files);

  const sent = s3.commandCalls(PutObjectCommand).map(({ args: [{ input }] }) => input);
  expect(sent.at(-1)?.Key).toBe('index.html');
  expect(Object.fromEntries(sent.map(({ Key, CacheControl }) => [Key, CacheControl]))).toEqual({
    'assets/index-abc.js': 'public, max-age=31536000, immutable',
    'assets/style-def.css': 'public, max-age=31536000, immutable',
    'mark.svg': 'no-cache',
    'config.json': 'no-cache',
    'index.html': 'no-cache',
  });
});

it('removes what no page of the last week can ask for, and nothing of today', async () => {
  s3.on(ListObjectsV2Command).resolves({
    Contents: [
      { Key: 'assets/index-abc.js', LastModified: daysAgo(40) },
      { Key: 'assets/index-old.js', LastModified: daysAgo(8) },
      { Key: 'assets/index-new.js', LastModified: daysAgo(6) },
    ],
  });
  await upload(files);

  const [removal] = s3.commandCalls(DeleteObjectsCommand);
  expect(removal?.args[0].input.Delete?.Objects).toEqual([{ Key: 'assets/index-old.js' }]);
});

it.each([
  [['mark.svg'], 'the pages have no index.html'],
  [['index.html', 'run.exe'], 'pages hold no file such as run.exe'],
])('refuses %j', async (given, sentence) => {
  await expect(upload(given)).rejects.toThrow(sentence);
});

it('empties the bucket before it goes, and says what stays', async () => {
  const client = new S3Client({ region: 'us-east-1' });
  s3.on(ListObjectsV2Command).resolves({ Contents: [{ Key: 'a' }, { Key: 'b' }] });
  await removePages({ s3: client, bucket: 'pages', now: () => now });
  expect(s3.commandCalls(DeleteObjectsCommand)[0]?.args[0].input.Delete?.Objects).toEqual([
    { Key: 'a' },
    { Key: 'b' },
  ]);

  s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'a', Message: 'Access Denied' }] });
  await expect(removePages({ s3: client, bucket: 'pages', now: () => now })).rejects.toThrow(
    'a cannot be removed: Access Denied',
  );
});
