import { randomUUID } from 'node:crypto';
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListRoleTagsCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { injectEvent } from '../../../operator/inject.ts';
import { releaseIncident } from '../../../operator/release.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { folderOf } from '../../../responders/evidence/store.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { suspectNames, suspectsOf } from '../../../responders/incident/suspect.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { permit, sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf } from '../intruder/case.ts';

const Bucket = 'sequence-test';
const functionName = 'sequence-orders';
const functionRole = `${functionName}-role`;
const webRole = 'sequence-web-role';
const [stolen, neighbour] = ['i-0123456789abcdef1', 'i-0fedcba9876543211'];
const everything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
};

let desk: Desk;
let iam: IAMClient;
beforeAll(async () => {
  desk = await deskOf(await borrowed());
  iam = new IAMClient(clientConfig(desk.cordon));
  await new S3Client(clientConfig(desk.cordon)).send(new CreateBucketCommand({ Bucket }));
  const roleArn = await makeRole(desk.cordon, functionRole);
  await makeFunction(desk.cordon, functionName, roleArn, {});
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'ec2.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [statement],
  });
  await iam.send(new CreateRoleCommand({ RoleName: webRole, AssumeRolePolicyDocument }));
  await Promise.all([functionRole, webRole].map((role) => permit(desk.cordon, role, everything)));
});

const makeUser = async (UserName: string) => {
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify(everything);
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'all', PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return {
    UserName,
    uid: User?.UserId ?? '',
    keys: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
  };
};

const roleIdOf = async (RoleName: string): Promise<string> =>
  (await iam.send(new GetRoleCommand({ RoleName }))).Role?.RoleId ?? '';

/** `allowed`, or that it was refused: a key that was made inactive is refused before any policy. */
const works = async (keys: Credentials): Promise<string> => {
  const said = await verdict(() =>
    new S3Client(clientConfig(desk.cordon, keys)).send(new ListObjectsV2Command({ Bucket })),
  );
  return /^InvalidAccessKeyId/.test(said) ? 'denied' : said;
};

const seenUser = async (UserName: string) => {
  const [policies, keys] = await Promise.all([
    iam.send(new ListAttachedUserPoliciesCommand({ UserName })),
    iam.send(new ListAccessKeysCommand({ UserName })),
  ]);
  return [policies.AttachedPolicies, keys.AccessKeyMetadata?.map(({ Status }) => Status)];
};

const seenRole = async (RoleName: string) => {
  const [policies, tags] = await Promise.all([
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
    iam.send(new ListRoleTagsCommand({ RoleName })),
  ]);
  return [policies.AttachedPolicies, tags.Tags];
};

const seenFunction = async () => {
  const lambda = new LambdaClient(clientConfig(desk.cordon));
  const asked = new GetFunctionConcurrencyCommand({ FunctionName: functionName });
  return (await lambda.send(asked)).ReservedConcurrentExecutions;
};

const asSeen = async (users: readonly string[]) => ({
  users: await Promise.all(users.map(seenUser)),
  roles: await Promise.all([functionRole, webRole].map(seenRole)),
  reserved: await seenFunction(),
});

/** Two actors are users, two are sessions; the second user stands among the resources only. */
const sequenceOf = (
  actors: readonly { readonly name: string; readonly uid: string; readonly type: string }[],
  accessKey: object,
): object => {
  const detail = findingAbout(
    { functionName: '', roleName: '', roleArn: '' },
    randomUUID().replaceAll('-', ''),
  );
  const sequence = {
    uid: 's-1',
    actors: actors.map((user, index) => ({ id: `a-${index}`, user })),
    resources: [{ uid: 'r-1', resourceType: 'ACCESS_KEY', data: { accessKey } }],
    signals: [],
  };
  return {
    ...detail,
    type: 'AttackSequence:IAM/CompromisedCredentials',
    severity: 9,
    resource: { resourceType: 'AttackSequence' },
    service: { ...detail.service, detection: { sequence } },
  };
};

const contained = async (detail: object): Promise<Case> => {
  const envelope = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', envelope, {
    within: 120_000,
  });
  if ('refused' in injected) throw new Error(injected.refused);
  const { id } = injected.incident.head;
  return awaited(desk, id, 'contained', ({ head }) => head.state === 'contained');
};

const stageOf = async (incident: Case, wanted: 'evidence' | 'timeline1') => {
  const { stages } = await awaited(desk, incident.head.id, `through ${wanted}`, (now) =>
    now.stages.some(({ name }) => name === wanted),
  );
  return stages.find(({ name }) => name === wanted);
};

it('everybody whom an attack sequence names is denied, read, and released exactly', async () => {
  const [first, second, bystander] = [
    await makeUser('sequence-one'),
    await makeUser('sequence-two'),
    await makeUser('sequence-bystander'),
  ];
  const mallory = {
    first: first.keys,
    second: second.keys,
    function: await sessionOf(desk.cordon, functionRole, functionName),
    instance: await sessionOf(desk.cordon, webRole, stolen),
  };
  const others = {
    user: bystander.keys,
    instance: await sessionOf(desk.cordon, webRole, neighbour),
  };
  const workOf = async (callers: Readonly<Record<string, Credentials>>) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(callers).map(async ([who, keys]) => [who, await works(keys)] as const),
      ),
    );
  const all = (callers: object, verdict: string) =>
    Object.fromEntries(Object.keys(callers).map((who) => [who, verdict]));
  expect(await workOf(mallory)).toEqual(all(mallory, 'allowed'));
  const users = [first.UserName, second.UserName];
  const before = await asSeen(users);

  const incident = await contained(
    sequenceOf(
      [
        { name: first.UserName, uid: first.uid, type: 'IAMUser' },
        {
          name: functionRole,
          uid: `${await roleIdOf(functionRole)}:${functionName}`,
          type: 'AssumedRole',
        },
        { name: webRole, uid: `${await roleIdOf(webRole)}:${stolen}`, type: 'AssumedRole' },
      ],
      { principalId: second.uid, userName: second.UserName, userType: 'IAMUser' },
    ),
  );

  expect(suspectsOf(incident.head).flatMap(suspectNames)).toEqual([
    first.UserName,
    ...[functionName, functionRole],
    ...[stolen, webRole],
    second.UserName,
  ]);
  expect(await workOf(mallory)).toEqual(all(mallory, 'denied'));
  expect(await workOf(others)).toEqual(all(others, 'allowed'));
  expect(await seenFunction()).toBe(0);

  const evidence = await stageOf(incident, 'evidence');
  const stored = evidence?.kind === 'evidence' ? evidence.entries.map(({ key }) => key) : [];
  for (const path of [
    'user/user.json',
    'suspects/2/function/configuration.json',
    'suspects/2/role/role.json',
    'suspects/3/role/role.json',
    'suspects/4/user/user.json',
  ])
    expect(stored).toContain(`${folderOf(incident.head)}${path}`);
  const timeline = await stageOf(incident, 'timeline1');
  const asked = timeline?.kind === 'timeline' ? timeline.asked.map(({ id }) => id) : [];
  for (const name of [...users, functionName, stolen]) expect(asked).toContain(`Username ${name}`);

  const settled = await awaited(desk, incident.head.id, 'reported', ({ stages }) =>
    stages.some(({ name }) => name === 'report1'),
  );
  const { released } = await releaseIncident(desk.place, settled, { reason: 'keys replaced' });
  expect(released).toBe(true);
  expect(await asSeen(users)).toEqual(before);
  const again = {
    first: first.keys,
    second: second.keys,
    function: await sessionOf(desk.cordon, functionRole, functionName),
    instance: await sessionOf(desk.cordon, webRole, stolen),
  };
  expect(await workOf(again)).toEqual(all(again, 'allowed'));
}, 300_000);
