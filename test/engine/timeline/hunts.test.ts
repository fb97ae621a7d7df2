// The saved queries, over records that the engine wrote while something happened: each file twice,
// its records in any order.
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { AthenaClient } from '@aws-sdk/client-athena';
import {
  CloudTrailClient,
  CreateTrailCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hunts } from '../../../infra/response/hunts.ts';
import { assume, clientConfig } from '../../../local/engine/clients.ts';
import { at } from '../../../responders/shared/json.ts';
import { type AthenaRow, ask } from '../../../responders/timeline/athena.ts';
import { literal } from '../../../responders/timeline/bounds.ts';
import { makeTable } from '../../../tools/bench/trail-table.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';
import { account, allow, eventually, makeFunction, makeRole, outcome } from '../adapter/world.ts';

const day = 86_400_000;
const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const folder = (ms: number): string => utc(ms).slice(0, 10).replaceAll('-', '/');
const began = Date.now();
const arnOf = (role: string, session: string): string =>
  `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
const worker = `arn:aws:iam::${account}:role/worker`;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({
    env: { CORDON_TRAIL_DELAY_SECONDS: '0', CORDON_TRAIL_TWICE: '1', CORDON_TRAIL_SHUFFLED: '1' },
  });
  await makeTrail();
  await happen();
  await plant();
  // The last call of all is one of the decoy's: what the trail holds of it, it holds of everything
  // before.
  const wanted = await truth(by('worker-2'));
  const window = [utc(began - 60_000), utc(began + 600_000)];
  await eventually(
    () => hunt('role-in-a-window', [`${worker}-2`, ...window]),
    (found) => found.length >= wanted.length,
  );
});
afterAll(() => engine?.stop());

/** Management events, and the data events of one bucket. */
const makeTrail = async (): Promise<void> => {
  const [trail, s3] = [
    new CloudTrailClient(clientConfig(engine)),
    new S3Client(clientConfig(engine)),
  ];
  for (const Bucket of ['trail', 'evidence']) await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(
    new PutObjectCommand({ Bucket: 'evidence', Key: 'incidents/1/manifest.json', Body: '{}' }),
  );
  for (const Name of ['account', 'other'])
    await trail.send(new CreateTrailCommand({ Name, S3BucketName: 'trail' }));
  const data = [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::evidence/'] },
  ];
  const AdvancedEventSelectors = [
    { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
    { FieldSelectors: data },
  ];
  // In this order, so that the trail holds the record of the second, too.
  await trail.send(new StartLoggingCommand({ Name: 'account' }));
  await trail.send(new PutEventSelectorsCommand({ TrailName: 'account', AdvancedEventSelectors }));
  await makeTable(engine, {
    location: 's3://trail/AWSLogs',
    accounts: [account],
    regions: ['us-east-1', 'eu-west-1'],
    database: 'cordon',
  });
};

/**
 * A thief with a worker's session reads evidence, tries doors, hops twice, makes a user, bends a
 * function and stops a trail. Decoys do a part of it.
 */
const happen = async (): Promise<void> => {
  const roles = ['worker', 'worker-2', 'admin', 'deep'];
  for (const role of roles)
    await makeRole(engine, role, [
      allow('s3:*'),
      allow('sts:*'),
      ...(role === 'admin' || role === 'deep' ? [allow('*')] : []),
    ]);
  await makeFunction(engine, 'orders', 'export const handler = () => 1;', worker);
  const as = (role: string, session: string, by?: Awaited<ReturnType<typeof assume>>) =>
    assume(engine, `arn:aws:iam::${account}:role/${role}`, session, by);
  const [thief, decoy] = [await as('worker', 'orders'), await as('worker-2', 'orders')];
  for (const keys of [thief, decoy])
    await new S3Client(clientConfig(engine, keys)).send(
      new GetObjectCommand({ Bucket: 'evidence', Key: 'incidents/1/manifest.json' }),
    );
  for (let tries = 0; tries < 20; tries += 1)
    await outcome(new IAMClient(clientConfig(engine, thief)).send(new ListRolesCommand({})));
  await outcome(new IAMClient(clientConfig(engine, decoy)).send(new ListRolesCommand({})));
  const hop = await as('admin', 'hop', thief);
  const deep = await as('deep', 'deeper', hop);
  await new IAMClient(clientConfig(engine, deep)).send(new CreateUserCommand({ UserName: 'eve' }));
  await new IAMClient(clientConfig(engine, deep)).send(
    new CreateAccessKeyCommand({ UserName: 'eve' }),
  );
  await new LambdaClient(clientConfig(engine, hop)).send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'orders', Timeout: 9 }),
  );
  await new CloudTrailClient(clientConfig(engine, deep)).send(
    new StopLoggingCommand({ Name: 'other' }),
  );
  await outcome(
    new STSClient(clientConfig(engine, decoy)).send(
      new AssumeRoleCommand({ RoleArn: worker, RoleSessionName: 'last' }),
    ),
  );
};

const session = (role: string, name: string) => ({
  type: 'AssumedRole',
  arn: arnOf(role, name),
  accessKeyId: 'ASIAOLD',
  sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/${role}` } },
});

/**
 * What the engine cannot do: a sign-in to the console as AWS documents it, and what the worker did
 * ten days ago.
 */
const plant = async (): Promise<void> => {
  const signIn = (id: string, MFAUsed: string) => ({
    eventVersion: '1.09',
    eventID: id,
    eventTime: utc(began),
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'Mozilla/5.0',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::${account}:user/anna`,
      accountId: account,
      userName: 'anna',
    },
    requestParameters: null,
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: {
      LoginTo: 'https://console.aws.amazon.com/',
      MobileVersion: 'No',
      MFAUsed,
    },
  });
  const usual = {
    eventID: 'usual',
    eventTime: utc(began - 10 * day),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    awsRegion: 'us-east-1',
  };
  const files = [
    [began, [signIn('careless', 'No'), signIn('careful', 'Yes')]],
    [
      began - 10 * day,
      [{ ...usual, sourceIPAddress: '198.51.100.1', userIdentity: session('worker', 'orders') }],
    ],
  ] as const;
  for (const [time, Records] of files)
    await new S3Client(clientConfig(engine)).send(
      new PutObjectCommand({
        Bucket: 'trail',
        Key: `AWSLogs/${account}/CloudTrail/us-east-1/${folder(time)}/planted.json.gz`,
        Body: gzipSync(JSON.stringify({ Records })),
      }),
    );
};

const asked: string[] = [];
/** The saved query's rows, from the trail of today unless `from` says otherwise. */
const hunt = async (
  name: string,
  more: readonly string[] = [],
  from = began - 3_600_000,
): Promise<readonly AthenaRow[]> => {
  const saved = hunts.find((one) => one.name === name);
  if (!saved) throw new Error(`no saved query ${name}`);
  const parameters = [
    account,
    'us-east-1',
    'eu-west-1',
    folder(from),
    folder(Date.now() + day),
    ...more,
  ].map(literal);
  const athena = {
    client: new AthenaClient(clientConfig(engine)),
    workgroup: 'cordon',
    database: 'cordon',
    now: Date.now,
    sleep,
  };
  asked.push(name);
  const answer = await ask(
    { id: 'calls', sql: saved.sql, parameters },
    { occasion: `${asked.length}`, deadline: Date.now() + 120_000 },
    athena,
  );
  if (answer.state !== 'complete') throw new Error(`${name}: ${answer.why}`);
  expect(answer.bytes).toBeGreaterThan(0);
  return answer.rows;
};

const recorded = async (): Promise<readonly unknown[]> => {
  const found = await engine.get('/_cordon/cloudtrail?since=0');
  return Array.isArray(found) ? found : [];
};

/** Ids of what the engine recorded and the trail selects. */
const truth = async (is: (record: unknown) => boolean): Promise<readonly string[]> => {
  const written = (one: unknown) =>
    at(one, 'managementEvent') === true ||
    String(at(one, 'requestParameters.bucketName')) === 'evidence';
  return (await recorded())
    .filter(
      (one) => Date.parse(String(at(one, 'eventTime'))) >= began - 1_000 && written(one) && is(one),
    )
    .map((one) => String(at(one, 'eventID')))
    .sort();
};

const idsOf = (rows: readonly AthenaRow[]): readonly string[] =>
  rows.map(({ eventid = '' }) => eventid).sort();
const by = (role: string) => (record: unknown) =>
  String(at(record, 'userIdentity.arn')).includes(`:assumed-role/${role}/`);

it('everything of a role, each call once, and nothing of a role with a longer name', async () => {
  const window = [utc(began - 60_000), utc(began + 600_000)];
  const wanted = await truth(by('worker'));
  const rows = await hunt('role-in-a-window', [worker, ...window]);

  expect(wanted.length).toBe(22);
  expect(idsOf(rows)).toEqual(wanted);
  expect(rows.map(({ eventtime }) => eventtime)).toEqual(
    rows.map(({ eventtime }) => eventtime).sort(),
  );
  expect(await hunt('role-in-a-window', ["' OR 1=1 --", ...window])).toEqual([]);
});

it('the hops of a session, and those of the sessions that it took', async () => {
  const rows = await hunt('hops-of-a-session', [arnOf('worker', 'orders')]);

  expect(rows.map(({ hop, who, became }) => [hop, who, became])).toEqual([
    ['1', arnOf('worker', 'orders'), arnOf('admin', 'hop')],
    ['2', arnOf('admin', 'hop'), arnOf('deep', 'deeper')],
  ]);
  expect(rows[1]?.role).toBe(`arn:aws:iam::${account}:role/deep`);
});

it('new ways in: what was made, by whom', async () => {
  const names = [
    'CreateRole',
    'PutRolePolicy',
    'CreateUser',
    'CreateAccessKey',
    'CreateFunction20150331',
    'UpdateFunctionConfiguration20150331v2',
  ];
  const rows = await hunt('new-ways-in');

  expect(idsOf(rows)).toEqual(
    await truth(
      (one) => names.includes(String(at(one, 'eventName'))) && at(one, 'errorCode') === undefined,
    ),
  );
  expect(
    rows
      .filter(({ who }) => who === arnOf('deep', 'deeper'))
      .map(({ eventname }) => eventname)
      .sort(),
  ).toEqual(['CreateAccessKey', 'CreateUser']);
});

it('console sign-ins without MFA', async () => {
  expect(await hunt('sign-ins-without-mfa')).toEqual([
    expect.objectContaining({
      who: `arn:aws:iam::${account}:user/anna`,
      kind: 'IAMUser',
      outcome: 'Success',
      eventid: 'careless',
    }),
  ]);
});

it('bursts of denied calls: each counted once, and not the one of somebody else', async () => {
  const rows = await hunt('bursts-of-denied-calls');
  const denied = rows.reduce((sum, row) => sum + Number(row.denied), 0);

  // Two minutes may share the twenty; a minute with fewer than ten is no burst.
  expect(rows.every(({ who }) => who === arnOf('worker', 'orders'))).toBe(true);
  expect(denied).toBeGreaterThanOrEqual(10);
  expect(denied).toBeLessThanOrEqual(20);
  expect(rows[0]).toMatchObject({ different_calls: '1', addresses: '1' });
});

it('who read the evidence bucket', async () => {
  const rows = await hunt('reads-of-a-bucket', ['evidence']);

  expect(rows.map(({ who, eventname, object }) => [who, eventname, object]).sort()).toEqual(
    ['worker-2', 'worker'].map((role) => [
      arnOf(role, 'orders'),
      'GetObject',
      'incidents/1/manifest.json',
    ]),
  );
  expect(await hunt('reads-of-a-bucket', ['evidence-2'])).toEqual([]);
});

it('calls from an address, and the addresses of a session', async () => {
  expect(await hunt('calls-from-an-address', ['203.0.113.7'])).toEqual([
    expect.objectContaining({
      who: `arn:aws:iam::${account}:user/anna`,
      calls: '2',
      failed: '0',
      first_call: utc(began),
    }),
  ]);
  const rows = await hunt('addresses-of-a-session', [arnOf('worker', 'orders')], began - 20 * day);
  expect(
    rows.map(({ sourceipaddress, access_key }) => [sourceipaddress, access_key === 'ASIAOLD']),
  ).toEqual([['198.51.100.1', true], ...rows.slice(1).map(() => ['127.0.0.1', false])]);
  expect(rows.slice(1).reduce((sum, row) => sum + Number(row.calls), 0)).toBe(22);
});

it('first use: what the worker did ten days ago is not new', async () => {
  const rows = await hunt(
    'first-use-of-an-api',
    [worker, utc(began - 3_600_000)],
    began - 20 * day,
  );

  expect(rows.map(({ eventname, calls }) => [eventname, calls]).sort()).toEqual([
    ['GetObject', '1'],
    ['ListRoles', '20'],
  ]);
});

it('changes of a function, and eyes that were switched off', async () => {
  const changes = await hunt('changes-of-a-function', [
    'orders',
    `arn:aws:lambda:us-east-1:${account}:function:orders`,
  ]);
  expect(changes.map(({ eventname, who }) => [eventname, who])).toContainEqual([
    'UpdateFunctionConfiguration20150331v2',
    arnOf('admin', 'hop'),
  ]);
  expect(changes).toHaveLength(2);

  const bent = await hunt('eyes-switched-off');
  expect(bent.map(({ eventname }) => eventname)).toContain('StopLogging');
  expect(idsOf(bent)).toEqual(
    await truth((one) =>
      ['StopLogging', 'PutEventSelectors'].includes(String(at(one, 'eventName'))),
    ),
  );
});

it('every saved query was asked', () => {
  expect([...new Set(asked)].sort()).toEqual(hunts.map(({ name }) => name));
});
