// The files of a trail: their names, time and content; for tests, twice and in any order.
import { gunzipSync } from 'node:zlib';
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailStatusCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail';
import { CreateUserCommand, IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { at } from '../../../responders/shared/json.ts';
import { type Engine, startEngine } from './engine.ts';
import { account, assume, eventually, makeRole, outcome } from './world.ts';

const s3Of = (engine: Engine) => new S3Client(clientConfig(engine));
const iamOf = (engine: Engine) => new IAMClient(clientConfig(engine));

const makeTrail = async (
  engine: Engine,
  name: string,
  more: { S3KeyPrefix?: string } = {},
): Promise<CloudTrailClient> => {
  const trail = new CloudTrailClient(clientConfig(engine));
  await s3Of(engine).send(new CreateBucketCommand({ Bucket: name }));
  await trail.send(new CreateTrailCommand({ Name: name, S3BucketName: name, ...more }));
  await trail.send(new StartLoggingCommand({ Name: name }));
  return trail;
};

interface File {
  readonly key: string;
  readonly records: readonly unknown[];
}

const filesOf = async (engine: Engine, bucket: string): Promise<readonly File[]> => {
  const { Contents = [] } = await s3Of(engine).send(new ListObjectsV2Command({ Bucket: bucket }));
  return Promise.all(
    Contents.map(async ({ Key: key = '' }) => {
      const { Body } = await s3Of(engine).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const file: unknown = JSON.parse(
        gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString(),
      );
      const records = at(file, 'Records');
      return { key, records: Array.isArray(records) ? records : [] };
    }),
  );
};

const named = (files: readonly File[], name: string) =>
  files.flatMap(({ records }) => records).filter((record) => at(record, 'eventName') === name);
const hasCall = (name: string) => (files: readonly File[]) => named(files, name).length > 0;

describe('a trail that is logging', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ env: { CORDON_TRAIL_DELAY_SECONDS: '0.5' } });
  });
  afterAll(() => engine?.stop());

  test('writes gzip files below account, region and day, with denied calls', async () => {
    const today = () => new Date().toISOString().slice(0, 10).replaceAll('-', '/');
    const folder = () => `with/prefix/AWSLogs/${account}/CloudTrail/us-east-1/${today()}/`;
    const folders = [folder()];
    await makeTrail(engine, 'plain', { S3KeyPrefix: 'with/prefix' });
    const keys = await assume(engine, await makeRole(engine, 'caller', []));
    await outcome(new IAMClient(engine.client(keys)).send(new ListRolesCommand({})));

    const files = await eventually(() => filesOf(engine, 'plain'), hasCall('ListRoles'));

    folders.push(folder()); // at midnight the day changes
    for (const { key } of files) {
      const name = key.lastIndexOf('/') + 1;
      expect(folders).toContain(key.slice(0, name));
      expect(key.slice(name)).toMatch(
        new RegExp(`^${account}_CloudTrail_us-east-1_\\d{8}T\\d{4}Z_[A-Za-z0-9]{16}\\.json\\.gz$`),
      );
    }
    expect(named(files, 'ListRoles')).toEqual([
      expect.objectContaining({ errorCode: 'AccessDenied', awsRegion: 'us-east-1' }),
    ]);
  });

  test('writes no earlier than its delay', async () => {
    await makeTrail(engine, 'late');
    const began = Date.now();
    await iamOf(engine).send(new CreateUserCommand({ UserName: 'slow' }));

    await eventually(() => filesOf(engine, 'late'), hasCall('CreateUser'));

    expect(Date.now() - began).toBeGreaterThanOrEqual(500);
  });

  test('writes only what its selectors choose', async () => {
    const trail = await makeTrail(engine, 'chosen');
    const s3 = s3Of(engine);
    for (const Bucket of ['loot', 'looted']) await s3.send(new CreateBucketCommand({ Bucket }));
    const of = (Field: string, Equals: string[]) => ({ Field, Equals });
    const AdvancedEventSelectors = [
      {
        FieldSelectors: [
          of('eventCategory', ['Data']),
          of('resources.type', ['AWS::S3::Object']),
          { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::loot/'] },
        ],
      },
    ];
    await trail.send(new PutEventSelectorsCommand({ TrailName: 'chosen', AdvancedEventSelectors }));
    for (const Bucket of ['looted', 'loot'])
      await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }));

    const files = await eventually(() => filesOf(engine, 'chosen'), hasCall('PutObject'));

    expect(
      named(files, 'PutObject').map((record) => at(record, 'requestParameters.bucketName')),
    ).toEqual(['loot']);
  });

  test('tells its latest delivery or why it was refused, and delays no other trail', async () => {
    const lost = await makeTrail(engine, 'a-lost-bucket');
    const kept = await makeTrail(engine, 'kept');
    const statusOf = (trail: CloudTrailClient, Name: string) =>
      trail.send(new GetTrailStatusCommand({ Name }));
    await eventually(() => filesOf(engine, 'kept'), hasCall('StartLogging'));
    expect((await statusOf(kept, 'kept')).LatestDeliveryTime).toBeInstanceOf(Date);
    expect(await statusOf(kept, 'kept')).not.toHaveProperty('LatestDeliveryError');

    await lost.send(new UpdateTrailCommand({ Name: 'a-lost-bucket', S3BucketName: 'gone' }));
    await iamOf(engine).send(new CreateUserCommand({ UserName: 'after' }));

    await eventually(() => filesOf(engine, 'kept'), hasCall('CreateUser'));
    expect((await statusOf(lost, 'a-lost-bucket')).LatestDeliveryError).toBe('NoSuchBucket');
  });

  test('writes nothing when it was stopped', async () => {
    const stopped = await makeTrail(engine, 'stopped');
    await makeTrail(engine, 'witness');
    await stopped.send(new StopLoggingCommand({ Name: 'stopped' }));
    await iamOf(engine).send(new CreateUserCommand({ UserName: 'unseen' }));

    await eventually(() => filesOf(engine, 'witness'), hasCall('CreateUser'));

    expect(named(await filesOf(engine, 'stopped'), 'CreateUser')).toEqual([]);
  });
});

test('a setting for tests writes each file twice under two names, in any order', async () => {
  const engine = await startEngine({
    env: { CORDON_TRAIL_DELAY_SECONDS: '1', CORDON_TRAIL_TWICE: '1', CORDON_TRAIL_SHUFFLED: '1' },
  });
  try {
    await makeTrail(engine, 'bad');
    const names = Array.from({ length: 30 }, (_, index) => `u${index}`);
    for (const UserName of names) await iamOf(engine).send(new CreateUserCommand({ UserName }));

    const files = await eventually(
      () => filesOf(engine, 'bad'),
      (delivered) => named(delivered, 'CreateUser').length >= 2 * names.length,
    );

    const users = named(files, 'CreateUser').map((record) =>
      String(at(record, 'requestParameters.userName')),
    );
    expect(users).toHaveLength(2 * names.length);
    expect([...new Set(users)].sort()).toEqual([...names].sort());
    const ids = files.map(({ records }) => records.map((record) => at(record, 'eventID')).join());
    expect(new Set(ids).size).toBe(files.length / 2);
    const inOrder = files.every(({ records }) => {
      const here = named([{ key: '', records }], 'CreateUser').map((record) =>
        Number(String(at(record, 'requestParameters.userName')).slice(1)),
      );
      return here.every((number, index) => index === 0 || number > (here[index - 1] ?? -1));
    });
    expect(inOrder).toBe(false);
  } finally {
    await engine.stop();
  }
});
