import {
  IAMClient,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, type Keys, startEngine } from './engine.ts';
import { allow, assume, makeRole, outcome, roleKeys } from './world.ts';

const read = async (on: Engine, keys: Keys, key: string): Promise<string> =>
  outcome(new S3Client(on.client(keys)).send(new GetObjectCommand({ Bucket: 'docs', Key: key })));

const fill = async (on: Engine): Promise<void> => {
  const s3 = new S3Client(on.client());
  await s3.send(new CreateBucketCommand({ Bucket: 'docs' }));
  for (const key of ['red/a', 'blue/a', 'none/a', '*/a', 'session/a'])
    await s3.send(new PutObjectCommand({ Bucket: 'docs', Key: key, Body: 'x' }));
};

const byTeam = [allow('s3:GetObject', "arn:aws:s3:::docs/${aws:PrincipalTag/team, 'none'}/*")];

describe('a policy variable', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
    await fill(engine);
  });
  afterAll(() => engine.stop());

  test('in a resource is the tag of the role, or its default', async () => {
    const red = await roleKeys(engine, 'red', byTeam, { tags: [{ Key: 'team', Value: 'red' }] });
    const untagged = await roleKeys(engine, 'untagged', byTeam);

    expect([await read(engine, red, 'red/a'), await read(engine, red, 'none/a')]).toEqual([
      'ok',
      'AccessDenied',
    ]);
    expect([await read(engine, untagged, 'red/a'), await read(engine, untagged, 'none/a')]).toEqual(
      ['AccessDenied', 'ok'],
    );
  });

  test('takes a wildcard in a tag literally', async () => {
    const star = await roleKeys(engine, 'star', byTeam, { tags: [{ Key: 'team', Value: '*' }] });

    expect([await read(engine, star, '*/a'), await read(engine, star, 'blue/a')]).toEqual([
      'ok',
      'AccessDenied',
    ]);
  });

  test('without a value and without a default matches nothing', async () => {
    const keys = await roleKeys(engine, 'bare', [
      allow('s3:GetObject', 'arn:aws:s3:::docs/${aws:PrincipalTag/team}*'),
    ]);

    expect(await read(engine, keys, 'red/a')).toBe('AccessDenied');
  });

  test('is text in a policy of the old version or without a version', async () => {
    const iam = new IAMClient(engine.client());
    const reads = async (name: string, version: { readonly Version?: string }) => {
      const role = await makeRole(engine, name, [], { tags: [{ Key: 'team', Value: 'red' }] });
      const PolicyDocument = JSON.stringify({ ...version, Statement: byTeam });
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument }));
      return read(engine, await assume(engine, role), 'red/a');
    };

    expect([await reads('versionless', {}), await reads('old', { Version: '2008-10-17' })]).toEqual(
      ['AccessDenied', 'AccessDenied'],
    );
    expect(await reads('new', { Version: '2012-10-17' })).toBe('ok');
  });

  test('reaches a session that was issued before the role was tagged', async () => {
    const slot = "*:${aws:PrincipalTag/cordon-quarantined-1, 'none'}";
    const role = await makeRole(engine, 'shared', [
      allow('s3:GetObject'),
      {
        Effect: 'Deny',
        Action: 's3:*',
        Resource: '*',
        Condition: { StringLike: { 'aws:userid': slot } },
      },
    ]);
    const [culprit, neighbour] = [
      await assume(engine, role, 'culprit'),
      await assume(engine, role, 'neighbour'),
    ];
    const iam = new IAMClient(engine.client());

    expect([await read(engine, culprit, 'red/a'), await read(engine, neighbour, 'red/a')]).toEqual([
      'ok',
      'ok',
    ]);
    await iam.send(
      new TagRoleCommand({
        RoleName: 'shared',
        Tags: [{ Key: 'cordon-quarantined-1', Value: 'culprit' }],
      }),
    );
    expect([await read(engine, culprit, 'red/a'), await read(engine, neighbour, 'red/a')]).toEqual([
      'AccessDenied',
      'ok',
    ]);
    await iam.send(new UntagRoleCommand({ RoleName: 'shared', TagKeys: ['cordon-quarantined-1'] }));
    expect(await read(engine, culprit, 'red/a')).toBe('ok');
  });
});

test('a wildcard reaches over a line break in the key of an object', async () => {
  const engine = await startEngine();
  try {
    await fill(engine);
    const key = 'red/a\nb';
    await new S3Client(engine.client()).send(
      new PutObjectCommand({ Bucket: 'docs', Key: key, Body: 'x' }),
    );
    const deny = { Effect: 'Deny' as const, Action: 's3:*', Resource: 'arn:aws:s3:::docs/red/*' };
    const keys = await roleKeys(engine, 'over-lines', [allow('s3:GetObject'), deny]);

    expect([
      await read(engine, keys, 'red/a'),
      await read(engine, keys, key),
      await read(engine, keys, 'blue/a'),
    ]).toEqual(['AccessDenied', 'AccessDenied', 'ok']);
  } finally {
    await engine.stop();
  }
});
