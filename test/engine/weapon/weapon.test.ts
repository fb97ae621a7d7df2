import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GenerateMacCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
  PublishVersionCommand,
} from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { standardFunctions } from '../../../responders/functions.ts';
import { roleOf, type TemplateRole, templateRoles } from '../../support/engine/account.ts';
import { deployed, type OwnDeployed, outputOf } from '../../support/engine/deployed.ts';
import { independent } from '../../support/engine/evaluator.ts';
import { sessionOf, verdict } from '../../support/engine/keys.ts';
import { makeFunction, makeRole, makeWorkload } from '../../support/engine/workload.ts';
import {
  type Attempt,
  attach,
  attachToUser,
  type Clients,
  detach,
  detachFromUser,
  forget,
  policyArn,
  reserve,
  setKey,
  setUrl,
  source,
  tag,
  unreserve,
  untag,
} from './attempts.ts';
import { climbs, type Targets } from './climbs.ts';

type Who = 'ContainmentLambda' | 'WatchLambda' | 'ReleaseLambda' | 'HeartbeatLambda';

let cordon: OwnDeployed;
let roles: readonly TemplateRole[];
let keys: ReadonlyMap<string, Credentials>;
let userKey: string;

/** Event sources of two functions. */
interface Sources {
  readonly own: string;
  readonly bystander: string;
}
/** By region. */
const sources = new Map<string, Sources>();

/** Cordon contains in the first two: that of the deployment, and one of the configuration. */
const [home, further, unconfigured] = [REGION, 'eu-west-1', 'eu-north-1'] as const;
const protectedRoles = ['OrganizationAccountAccessRole', 'AWSControlTowerExecution', 'cdk-deploy'];
const awsRoles = [
  'aws-service-role/ops.amazonaws.com/AWSServiceRoleForOps',
  'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1',
];

const clientsIn = (region: string, credentials?: Credentials): Clients => {
  const config = clientConfig({ ...cordon, region }, credentials);
  return {
    iam: new IAMClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client(config),
    dynamodb: new DynamoDBClient(config),
    kms: new KMSClient(config),
    states: new SFNClient(config),
    events: new EventBridgeClient(config),
  };
};

const feed = async (region: string, FunctionName: string): Promise<string> => {
  const QueueName = `to-${FunctionName}`;
  await new SQSClient(clientConfig({ ...cordon, region })).send(
    new CreateQueueCommand({ QueueName }),
  );
  const EventSourceArn = `arn:aws:sqs:${region}:${ACCOUNT}:${QueueName}`;
  const { UUID } = await clientsIn(region).lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn }),
  );
  return UUID ?? '';
};

/** A URL for the function itself and one for an alias. */
const addUrls = async (region: string, FunctionName: string): Promise<void> => {
  const { lambda } = clientsIn(region);
  const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(
    new CreateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version }),
  );
  await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM' }));
  await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'AWS_IAM', Qualifier: 'live' }),
  );
};

/** What leads to a function of somebody else, and to one with a name of Cordon's. */
const addWays = async (region: string): Promise<void> => {
  for (const name of ['bystander', 'ContainmentLambda']) await addUrls(region, name);
  sources.set(region, {
    own: await feed(region, 'ContainmentLambda'),
    bystander: await feed(region, 'bystander'),
  });
};

beforeAll(async () => {
  cordon = await deployed();
  roles = await templateRoles(cordon);
  keys = new Map(
    await Promise.all(
      standardFunctions.map(
        async ({ name }) =>
          [name, await sessionOf(cordon, roleOf(roles, name).roleName, name)] as const,
      ),
    ),
  );
  const { roleArn } = await makeWorkload(cordon, 'bystander');
  const { iam } = clientsIn(home);
  await iam.send(new CreateUserCommand({ UserName: 'somebody' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'somebody' }));
  userKey = AccessKey?.AccessKeyId ?? '';
  for (const role of [...protectedRoles, ...awsRoles]) {
    const slash = role.lastIndexOf('/') + 1;
    await makeRole(cordon, role.slice(slash), { path: `/${role.slice(0, slash)}` });
  }
  for (const region of [further, unconfigured])
    for (const name of ['bystander', 'ContainmentLambda'])
      await makeFunction({ ...cordon, region }, name, roleArn);
  for (const region of [home, further, unconfigured]) await addWays(region);
});
afterAll(() => cordon?.engine.stop());

/** What both judges say. */
const judged = async (who: Who, attempt: Attempt, region: string = home) => {
  const { roleName, policies } = roleOf(roles, who);
  const principal = `arn:aws:sts::${ACCOUNT}:assumed-role/${roleName}/${who}`;
  return {
    engine: await verdict(() => attempt.send(clientsIn(region, keys.get(who)))),
    evaluator: await independent(principal, policies, attempt),
  };
};

const isRegional = ({ resource }: Attempt): boolean => resource.includes(`:${home}:`);

/** The same attempts in another region, without those about what is in no region. */
const movedTo = (region: string, attempts: readonly Attempt[]): readonly Attempt[] => {
  const moved = <T>(named: T): T =>
    JSON.parse(JSON.stringify(named).replaceAll(`:${home}:`, `:${region}:`));
  return attempts
    .filter((attempt) => region === home || isRegional(attempt))
    .map(({ resource, context = {}, ...attempt }) => ({
      ...attempt,
      ...moved({ resource, context }),
    }));
};

const sourcesIn = (region: string): Sources => {
  const made = sources.get(region);
  if (!made) throw new Error(`nothing was made in ${region}`);
  return made;
};

const denied = { engine: 'denied', evaluator: 'denied' };
const allowed = { engine: 'allowed', evaluator: 'allowed' };

const foreign = [
  'arn:aws:iam::aws:policy/AdministratorAccess',
  'arn:aws:iam::aws:policy/AWSDenyAll',
  policyArn('Developers', { path: '/' }),
  policyArn('CordonQuarantineRole', { path: '/' }),
  policyArn('CordonQuarantineRole', { account: '999999999999' }),
  policyArn('CordonQuarantineFunction', { path: '/cordon/more/' }),
];
const wrongKeys = [
  ['cordon:tier'],
  ['cordon:drill'],
  ['cordon-quarantined-4'],
  ['cordon-quarantined-1x'],
  ['Team'],
  ['cordon-quarantined-1', 'cordon:tier'],
  [],
];
const own = ['ContainmentLambda', 'ReleaseLambda', 'NotifyLambda'];
const slot = 'cordon-quarantined-1';
const quarantines = [policyArn('CordonQuarantineRole'), policyArn('CordonQuarantineFunction')];
const ofUsers = policyArn('CordonQuarantineUser');
const cordonRoles = (): string[] => [
  'cordon/CordonReaderRole',
  ...own.map((name) => `cordon/${roleOf(roles, name).roleName}`),
];

/** Denied to those who contain. */
const containing = (region: string): Attempt[] => [
  ...[...foreign, ofUsers].map((policy) => attach(policy)),
  ...[...foreign, ...quarantines].map((policy) => attachToUser(policy)),
  detachFromUser(ofUsers),
  ...quarantines.flatMap((policy) =>
    [...cordonRoles(), ...protectedRoles, ...awsRoles].map((role) => attach(policy, role)),
  ),
  ...quarantines.map((policy) => detach(policy)),
  ...wrongKeys.map((wrong) => tag(wrong)),
  ...[...cordonRoles(), ...protectedRoles, ...awsRoles].map((role) => tag([slot], role)),
  untag([slot]),
  ...own.flatMap((name) => [
    reserve(name),
    reserve(name, 1000),
    setUrl(name, 'NONE'),
    setUrl(name, 'AWS_IAM'),
    unreserve(name),
  ]),
  unreserve('bystander'),
  setUrl('bystander', 'NONE'),
  setUrl('ContainmentLambda', 'NONE', 'live'),
  source(sourcesIn(region).own, 'ContainmentLambda', { Enabled: false }),
  forget(outputOf(cordon, 'CaseTableName')),
];

/**
 * Denied to the one who releases. What became exempt after it was contained must stay releasable,
 * so those roles are not in here.
 */
const releasing = (region: string): Attempt[] => [
  ...[...foreign, ...quarantines, ofUsers].map((policy) => attach(policy)),
  ...[...foreign, ...quarantines, ofUsers].map((policy) => attachToUser(policy)),
  ...[...foreign, ...quarantines].map((policy) => detachFromUser(policy)),
  ...foreign.map((policy) => detach(policy)),
  ...quarantines.flatMap((policy) =>
    [...cordonRoles(), ...awsRoles].map((role) => detach(policy, role)),
  ),
  ...wrongKeys.map((wrong) => untag(wrong)),
  ...[...cordonRoles(), ...awsRoles].map((role) => untag([slot], role)),
  tag([slot]),
  ...own.flatMap((name) => [reserve(name), unreserve(name), setUrl(name, 'NONE')]),
  setUrl('bystander', 'AWS_IAM'),
  source(sourcesIn(region).own, 'ContainmentLambda', { Enabled: true }),
];

const targets = (who: Who): Targets => ({
  own: roleOf(roles, who).roleName,
  buckets: ['EvidenceBucketName', 'DrillEvidenceBucketName'].map((name) => outputOf(cordon, name)),
  table: outputOf(cordon, 'CaseTableName'),
  tableArn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${outputOf(cordon, 'CaseTableName')}`,
  keyArn: outputOf(cordon, 'SigningKeyArn'),
  machine: outputOf(cordon, 'ReleaseMachineArn'),
  rule: 'any',
});

describe.each(['ContainmentLambda', 'WatchLambda', 'ReleaseLambda'] as const)(
  '%s cannot become the weapon',
  (who) => {
    const tables = {
      'beyond what it changes': who === 'ReleaseLambda' ? releasing : containing,
      'beyond its business': () => climbs(targets(who)),
    };

    it.each(
      Object.entries(tables).flatMap(([name, table]) =>
        [home, further].map((region) => [name, region, table] as const),
      ),
    )(
      '%s, in %s: each attempt is denied by the engine and by an independent evaluator',
      async (_name, region, table) => {
        const attempts = movedTo(region, table(region));
        const said: Record<string, unknown> = {};
        for (const attempt of attempts) said[attempt.words] = await judged(who, attempt, region);

        expect(attempts.length).toBeGreaterThan(10);
        expect(said).toEqual(Object.fromEntries(attempts.map(({ words }) => [words, denied])));
      },
    );
  },
);

/** It makes proofs of drills with a key of KMS, whose policy the engine asks. */
it('HeartbeatLambda gets nothing beyond its business', async () => {
  const table = climbs(targets('HeartbeatLambda'));
  const said: Record<string, unknown> = {};
  for (const attempt of table) said[attempt.words] = await judged('HeartbeatLambda', attempt);

  expect(said).toEqual(Object.fromEntries(table.map(({ words }) => [words, denied])));
  const { kms } = clientsIn(home, keys.get('HeartbeatLambda'));
  const made = (KeyId: string) =>
    verdict(() =>
      kms.send(
        new GenerateMacCommand({ KeyId, Message: Buffer.from('x'), MacAlgorithm: 'HMAC_SHA_256' }),
      ),
    );
  const verdicts = ['DrillKeyArn', 'AnswerKeyArn', 'ReleaseKeyArn'].map((name) =>
    made(outputOf(cordon, name)),
  );
  expect(await Promise.all(verdicts)).toEqual(['allowed', 'denied', 'denied']);
});

/** What they are there for. */
const business = {
  ContainmentLambda: (region: string): Attempt[] => [
    attach(policyArn('CordonQuarantineRole')),
    attach(policyArn('CordonQuarantineFunction')),
    attachToUser(ofUsers),
    setKey(userKey, 'Inactive'),
    tag([slot]),
    tag(['cordon-quarantined-2', 'cordon-quarantined-3']),
    reserve('bystander'),
    setUrl('bystander', 'AWS_IAM'),
    source(sourcesIn(region).bystander, 'bystander', { Enabled: false }),
  ],
  ReleaseLambda: (region: string): Attempt[] => [
    detach(policyArn('CordonQuarantineRole')),
    detach(policyArn('CordonQuarantineFunction')),
    detachFromUser(ofUsers),
    setKey(userKey, 'Active'),
    untag([slot]),
    reserve('bystander', 7),
    unreserve('bystander'),
    setUrl('bystander', 'NONE'),
    source(sourcesIn(region).bystander, 'bystander', { Enabled: true }),
  ],
} as const;

it.each([
  [home, 'allowed', allowed],
  [further, 'allowed', allowed],
  [unconfigured, 'denied', denied],
] as const)('what they are there for, in %s, is %s by both', async (region, _said, wanted) => {
  for (const who of ['ContainmentLambda', 'ReleaseLambda'] as const) {
    const attempts = movedTo(region, business[who](region));
    expect(attempts.length).toBeGreaterThan(2);
    for (const attempt of attempts)
      expect([attempt.words, await judged(who, attempt, region)]).toEqual([attempt.words, wanted]);
  }
});

/**
 * What a responder could do and should not, and no condition key of AWS is known to stop: an event
 * source of somebody else can be pointed at Cordon, and a key that is inactive can be activated,
 * though its secret cannot be read. The day it can be mended this test fails, and
 * the line moves up into the table of denied attempts.
 */
it('what is still open is written down', async () => {
  const open: Attempt[] = [
    source(sourcesIn(home).bystander, 'bystander', { FunctionName: 'ContainmentLambda' }),
    setKey(userKey, 'Active'),
  ];

  for (const attempt of open)
    expect([attempt.words, await judged('ContainmentLambda', attempt)]).toEqual([
      attempt.words,
      allowed,
    ]);
});
