import { randomUUID } from 'node:crypto';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import {
  type Credentials as Answer,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { releaseIncident } from '../../../operator/release.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { readCase } from '../../../responders/incident/read-case.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed, outputOf } from '../../support/engine/deployed.ts';
import { verdict } from '../../support/engine/keys.ts';
import { awaited, type Desk, deskOf } from '../intruder/case.ts';

const Bucket = 'users-test';
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:*', 'sts:*'], Resource: '*' }],
});

let desk: Desk;
let iam: IAMClient;
beforeAll(async () => {
  desk = await deskOf(await borrowed());
  iam = new IAMClient(clientConfig(desk.cordon));
  await new S3Client(clientConfig(desk.cordon)).send(new CreateBucketCommand({ Bucket }));
});

const keysIn = (answer: Answer | undefined): Credentials => ({
  accessKeyId: answer?.AccessKeyId ?? '',
  secretAccessKey: answer?.SecretAccessKey ?? '',
  ...(answer?.SessionToken !== undefined && { sessionToken: answer.SessionToken }),
});

const makeUser = async (UserName: string) => {
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const policy = { UserName, PolicyName: 'everything', PolicyDocument: everything };
  await iam.send(new PutUserPolicyCommand(policy));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const keys = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const sts = new STSClient(clientConfig(desk.cordon, keys));
  const [session, federation] = await Promise.all([
    sts.send(new GetSessionTokenCommand({})),
    sts.send(new GetFederationTokenCommand({ Name: 'printer', Policy: everything })),
  ]);
  return {
    userName: UserName,
    id: User?.UserId ?? '',
    keys,
    session: keysIn(session.Credentials),
    federation: keysIn(federation.Credentials),
  };
};
type TestUser = Awaited<ReturnType<typeof makeUser>>;

const reads = (keys: Credentials): Promise<string> =>
  verdict(() =>
    new S3Client(clientConfig(desk.cordon, keys)).send(new ListObjectsV2Command({ Bucket })),
  );

const whatWorks = async ({ keys, session, federation }: TestUser) => ({
  key: await reads(keys),
  session: await reads(session),
  federation: await reads(federation),
});

const asSeen = async ({ userName: UserName }: TestUser) => {
  const [policies, keys] = await Promise.all([
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    iam.send(new ListAccessKeysCommand({ UserName })),
  ]);
  return {
    policies: (policies.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn),
    keys: (keys.AccessKeyMetadata ?? []).map(({ Status }) => Status),
  };
};

const findingOf = ({ userName, id, keys }: TestUser): object => ({
  ...findingAbout(
    { functionName: '', roleName: '', roleArn: '' },
    randomUUID().replaceAll('-', ''),
  ),
  type: 'UnauthorizedAccess:IAMUser/MaliciousIPCaller',
  resource: {
    resourceType: 'AccessKey',
    accessKeyDetails: {
      accessKeyId: keys.accessKeyId,
      principalId: id,
      userName,
      userType: 'IAMUser',
    },
  },
});

const allWork = { key: 'allowed', session: 'allowed', federation: 'allowed' };

it('a stolen user key and all sessions of it are denied, neighbours work, and a release restores', async () => {
  const [stolen, neighbour] = [await makeUser('users-stolen'), await makeUser('users-neighbour')];
  expect(await whatWorks(stolen)).toEqual(allWork);
  const before = await asSeen(stolen);

  const envelope = { detailType: 'GuardDuty Finding', detail: findingOf(stolen) };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  const { id } = injected.incident.head;
  await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');

  expect(await asSeen(stolen)).toEqual({
    policies: [outputOf(desk.cordon, 'QuarantineUserPolicyArn')],
    keys: ['Inactive'],
  });
  const { key, ...sessions } = await whatWorks(stolen);
  expect(key).not.toBe('allowed');
  expect(sessions).toEqual({ session: 'denied', federation: 'denied' });
  expect(await whatWorks(neighbour)).toEqual(allWork);

  const incident = await readCase(desk.table, id);
  const { released } = await releaseIncident(desk.place, incident, { reason: 'keys rotated' });
  expect(released).toBe(true);
  expect(await asSeen(stolen)).toEqual(before);
  expect(await whatWorks(stolen)).toEqual(allWork);
}, 300_000);
