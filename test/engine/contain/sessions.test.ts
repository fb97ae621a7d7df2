import { randomUUID } from 'node:crypto';
import {
  CreateRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRoleTagsCommand,
} from '@aws-sdk/client-iam';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { releaseIncident } from '../../../operator/release.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { permit, sessionOf, verdict } from '../../support/engine/keys.ts';
import { awaited, type Desk, deskOf } from '../intruder/case.ts';

const Bucket = 'sessions-test';
const RoleName = 'sessions-web-role';
const [stolen, neighbour] = ['i-0123456789abcdef0', 'i-0fedcba9876543210'];

let desk: Desk;
let iam: IAMClient;
let roleId: string;
beforeAll(async () => {
  desk = await deskOf(await borrowed());
  iam = new IAMClient(clientConfig(desk.cordon));
  await new S3Client(clientConfig(desk.cordon)).send(new CreateBucketCommand({ Bucket }));
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [statement],
  });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  roleId = Role?.RoleId ?? '';
  await permit(desk.cordon, RoleName, {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  });
});

const reads = (keys: Credentials): Promise<string> =>
  verdict(() =>
    new S3Client(clientConfig(desk.cordon, keys)).send(new ListObjectsV2Command({ Bucket })),
  );

const asSeen = async () => {
  const [policies, tags] = await Promise.all([
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    iam.send(new ListRoleTagsCommand({ RoleName })),
  ]);
  return { policies: policies.AttachedPolicies, tags: tags.Tags };
};

it('one session of an instance role is denied by its name, another works, and a release restores', async () => {
  const keys = await sessionOf(desk.cordon, RoleName, stolen);
  const others = await sessionOf(desk.cordon, RoleName, neighbour);
  expect([await reads(keys), await reads(others)]).toEqual(['allowed', 'allowed']);
  const before = await asSeen();

  const detail = {
    ...findingAbout(
      { functionName: '', roleName: '', roleArn: '' },
      randomUUID().replaceAll('-', ''),
    ),
    type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    resource: {
      resourceType: 'AccessKey',
      accessKeyDetails: {
        accessKeyId: keys.accessKeyId,
        principalId: `${roleId}:${stolen}`,
        userName: RoleName,
        userType: 'AssumedRole',
      },
    },
  };
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  const { id } = injected.incident.head;
  const incident = await awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');

  expect([await reads(keys), await reads(others)]).toEqual(['denied', 'allowed']);

  const { released } = await releaseIncident(desk.place, incident, { reason: 'replaced' });
  expect(released).toBe(true);
  expect(await asSeen()).toEqual(before);
  expect([await reads(keys), await reads(others)]).toEqual(['denied', 'allowed']);
  expect(await reads(await sessionOf(desk.cordon, RoleName, stolen))).toBe('allowed');
}, 300_000);
