import { GetRoleCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { namedTarget } from '../../../../responders/contain/named-target.ts';
import { accountId, aFunction, aWorld, fakeAccount } from '../../../support/fakes/account.ts';
import { someSettings } from '../../../support/fakes/deps.ts';

const arn = (service: string, resource: string, region = '', account = accountId) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;

const desk = (furtherRegions: readonly string[] = []) => {
  const functions = new Map([
    ['orders', aFunction()],
    ['us-east-1/orders', aFunction()],
  ]);
  const known = fakeAccount(aWorld({ functions }), furtherRegions);
  const settings = someSettings({ furtherRegions });
  return { ...known, read: (target: string) => namedTarget(target, { ...known, settings }) };
};
const place = { account: accountId, region: 'eu-west-1', partition: 'aws' };

describe('what a person has named', () => {
  it.each(['', ':live', ':7'])('a function, with version or alias: %j', async (suffix) => {
    expect(await desk().read(arn('lambda', `function:orders${suffix}`, 'eu-west-1'))).toEqual({
      ...place,
      resource: {
        resourceType: 'Lambda',
        lambdaDetails: {
          functionArn: arn('lambda', 'function:orders', 'eu-west-1'),
          functionName: 'orders',
          functionVersion: '$LATEST',
          role: 'arn:aws:iam::111122223333:role/orders-role',
        },
      },
    });
  });

  it('a function of a further region, and none of another', async () => {
    const target = arn('lambda', 'function:orders', 'us-east-1');
    expect(await desk(['us-east-1']).read(target)).toMatchObject({ region: 'us-east-1' });
    expect(await desk(['eu-north-1']).read(target)).toEqual({
      cannot: 'it is in us-east-1; this deployment acts in eu-west-1, eu-north-1 only',
    });
  });

  it('a session, by the id that its role has now', async () => {
    expect(await desk().read(arn('sts', 'assumed-role/orders-role/build'))).toEqual({
      ...place,
      resource: {
        resourceType: 'AccessKey',
        accessKeyDetails: {
          principalId: 'AROAEXAMPLEEXAMPLE01:build',
          ...{ userName: 'orders-role', userType: 'AssumedRole' },
        },
      },
    });
  });

  it('a user, with the path that the account knows', async () => {
    const { read, world } = desk();
    expect(await read(arn('iam', 'user/deploy'))).toEqual({
      ...place,
      resource: {
        resourceType: 'AccessKey',
        accessKeyDetails: {
          principalId: 'AIDAEXAMPLEEXAMPLE01',
          ...{ userName: 'deploy', userType: 'IAMUser' },
        },
      },
    });
    const wrong = { cannot: 'user deploy has another path than its ARN' };
    expect(await read(arn('iam', 'user/team/deploy'))).toEqual(wrong);
    const user = world.users.get('deploy');
    if (user) user.path = '/team/';
    expect(await read(arn('iam', 'user/team/deploy'))).toMatchObject(place);
    expect(await read(arn('iam', 'user/deploy'))).toEqual(wrong);
  });

  it.each([
    [arn('lambda', 'function:gone', 'eu-west-1'), 'there is no function gone'],
    [arn('sts', 'assumed-role/gone/x'), 'there is no role gone'],
    [arn('iam', 'user/gone'), 'there is no user gone'],
  ])('that is gone: %s', async (target, why) => {
    expect(await desk().read(target)).toEqual({ cannot: `nothing is left to contain: ${why}` });
  });

  it.each([
    arn('iam', 'role/orders-role'),
    arn('s3', 'bucket'),
    arn('iam', 'user/'),
    arn('iam', 'user/a b'),
    arn('sts', 'assumed-role/orders-role'),
    arn('sts', 'assumed-role/orders-role/a/b'),
    arn('sts', 'assumed-role/a b/c'),
    arn('sts', 'assumed-role/orders-role/a b'),
    `x${arn('sts', 'assumed-role/orders-role/build')}`,
    `x${arn('iam', 'user/deploy')}`,
  ])('that Cordon does not contain: %s', async (target) => {
    expect(await desk().read(target)).toEqual({
      cannot: 'it is not the ARN of a function, of a session of a role, or of a user',
    });
  });

  it.each([
    [arn('iam', 'user/deploy', '', '999988887777'), '999988887777'],
    ['deploy', ''],
  ])('of another account: %s', async (target, named) => {
    expect(await desk().read(target)).toEqual({
      cannot: `it is about account ${named}, and not ${accountId}`,
    });
  });

  it('is asked for again where a service is busy, and is nothing where AWS says nothing', async () => {
    const { read, lambda, iam } = desk();
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    iam.on(GetRoleCommand).rejects(throttled);
    await expect(read(arn('sts', 'assumed-role/orders-role/x'))).rejects.toThrow('slow down');
    iam.on(GetRoleCommand).resolves({});
    expect(await read(arn('sts', 'assumed-role/orders-role/x'))).toMatchObject({
      resource: { accessKeyDetails: { principalId: ':x' } },
    });
    lambda.on(GetFunctionCommand).resolves({});
    expect(await read(arn('lambda', 'function:orders', 'eu-west-1'))).toMatchObject({
      resource: { lambdaDetails: { role: '' } },
    });
    iam.on(GetUserCommand).resolves({ User: { Arn: arn('iam', 'user/deploy') } as never });
    expect(await read(arn('iam', 'user/deploy'))).toMatchObject({
      resource: { accessKeyDetails: { principalId: '' } },
    });
    iam.on(GetUserCommand).resolves({});
    expect(await read(arn('iam', 'user/deploy'))).toHaveProperty('cannot');
  });
});
