import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, allow, assume, makeRole, outcome, policy, roleKeys } from './world.ts';

describe('a role with a path', () => {
  let engine: Engine;
  let pathed: string;
  beforeAll(async () => {
    engine = await startEngine();
    pathed = await makeRole(engine, 'responder', [], { path: '/cordon/' });
    await makeRole(engine, 'plain', []);
  });
  afterAll(() => engine.stop());

  test('is protected by a Deny that names the path', async () => {
    const deny = {
      Effect: 'Deny' as const,
      Action: 'iam:*',
      Resource: `arn:aws:iam::${account}:role/cordon/*`,
    };
    const iam = new IAMClient(
      engine.client(await roleKeys(engine, 'operator', [allow('iam:*'), deny])),
    );
    const calls = (RoleName: string) => [
      iam.send(
        new AttachRolePolicyCommand({
          RoleName,
          PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
        }),
      ),
      iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] })),
      iam.send(new GetRoleCommand({ RoleName })),
    ];

    expect(await Promise.all(calls('responder').map(outcome))).toEqual([
      'AccessDenied',
      'AccessDenied',
      'AccessDenied',
    ]);
    expect(await Promise.all(calls('plain').map(outcome))).toEqual(['ok', 'ok', 'ok']);
  });

  test('cannot be created under a denied path', async () => {
    const iam = new IAMClient(
      engine.client(
        await roleKeys(engine, 'maker', [
          allow('iam:CreateRole', `arn:aws:iam::${account}:role/app/*`),
        ]),
      ),
    );
    const create = (Path: string) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: 'new',
          Path,
          AssumeRolePolicyDocument: policy(allow('sts:AssumeRole')),
        }),
      );

    expect(await outcome(create('/cordon/'))).toBe('AccessDenied');
    expect(await outcome(create('/app/'))).toBe('ok');
  });

  test('gives sessions whose ARN has no path', async () => {
    const keys = await assume(engine, pathed, 'me');

    const { Arn } = await new STSClient(engine.client(keys)).send(new GetCallerIdentityCommand({}));

    expect(Arn).toBe(`arn:aws:sts::${account}:assumed-role/responder/me`);
  });
});
