// An organisation's trail: a hop into another account is followed there, and the same names in that
// account stay out. What AWS does with the session of a function proves nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { bounds } from '../../../responders/timeline/bounds.ts';
import { buildTimeline } from '../../../responders/timeline/build.ts';
import { inOrder } from '../../../responders/timeline/call.ts';
import { alone } from '../../../responders/timeline/circle.ts';
import { eventsOf } from '../../../responders/timeline/events.ts';
import { search } from '../../../responders/timeline/search.ts';
import { makeTable } from '../../../tools/bench/trail-table.ts';
import {
  account,
  attackAt,
  identity,
  packed,
  record,
  region,
  thief,
  utc,
} from '../../../tools/bench/trail-world.ts';
import { type Engine, startEngine } from '../adapter/engine.ts';

const [other, unnamed] = ['444455556666', '777788889999'];
const far = `arn:aws:sts::${other}:assumed-role/deploy/hop`;
const stranger = { ...thief, owner: other, key: 'ASIASTRANGER' };
const there = { recipientAccountId: other };
const hop = { role: 'deploy', session: 'hop', owner: other, key: 'ASIAFAR' };

const mailer = { role: 'mailer-role', session: 'mailer', key: 'ASIAMAILER' };
const later = attackAt + 30_000;
const worker = {
  userAgent: 'awslambda-worker/1.0 rusoto/0.48.0',
  sourceIPAddress: '34.234.236.212',
};
const logStream = (id: string, logGroupName: string) =>
  record(id, later, mailer, ['logs', 'CreateLogStream'], {
    ...worker,
    requestParameters: { logGroupName, logStreamName: '2025/11/20/[$LATEST]1a2b' },
  });

/** The session of another function: one call of its own, then calls that AWS makes with it. */
const platformCalls: readonly object[] = [
  record('own-call', attackAt, mailer, ['s3', 'GetObject']),
  logStream('own-log', '/aws/lambda/mailer'),
  {
    ...record('own-variables', later, mailer, ['kms', 'Decrypt'], {
      sourceIPAddress: 'lambda.amazonaws.com',
      userAgent: 'lambda.amazonaws.com',
      requestParameters: {
        encryptionContext: {
          'aws:lambda:FunctionArn': `arn:aws:lambda:${region}:${account}:function:mailer`,
        },
      },
    }),
    userIdentity: { ...identity(mailer), invokedBy: 'lambda.amazonaws.com' },
  },
  record('caller-identity', later, mailer, ['sts', 'GetCallerIdentity']),
];

/** By account of the folder; what the timeline must find is named `found-…`. */
const trail: Readonly<Record<string, readonly object[]>> = {
  [account]: [
    ...platformCalls,
    record('found-read', attackAt, thief, ['s3', 'GetObject']),
    record('found-hop', attackAt + 1_000, thief, ['sts', 'AssumeRole'], {
      responseElements: { assumedRoleUser: { arn: far }, credentials: { accessKeyId: 'ASIAFAR' } },
    }),
  ],
  [other]: [
    record('found-far', attackAt + 2_000, hop, ['ssm', 'GetParameter'], there),
    record('same-names', attackAt + 2_000, stranger, ['s3', 'GetObject'], there),
    record(
      'longer',
      attackAt + 2_000,
      { ...hop, session: 'hop-2', key: 'ASIALONGER' },
      ['s3', 'GetObject'],
      there,
    ),
  ],
  [unnamed]: [
    record('not-asked', attackAt + 3_000, hop, ['ssm', 'GetParameter'], {
      recipientAccountId: unnamed,
    }),
  ],
};

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine();
  const s3 = new S3Client(clientConfig(engine));
  await s3.send(new CreateBucketCommand({ Bucket: 'org-trail' }));
  for (const [owner, records] of Object.entries(trail)) {
    const day = utc(attackAt).slice(0, 10).replaceAll('-', '/');
    const Key = `logs/AWSLogs/o-abcdefghij/${owner}/CloudTrail/${region}/${day}/a.json.gz`;
    await s3.send(new PutObjectCommand({ Bucket: 'org-trail', Key, Body: packed(records) }));
  }
  const place = { accounts: [account, other], regions: [region], database: 'cordon' };
  await makeTable(engine, { location: 's3://org-trail/logs/AWSLogs/o-abcdefghij', ...place });
});
afterAll(() => engine?.stop());

let attempt = 0;
const searched = async (
  accounts: readonly string[],
  { role, session }: { readonly role: string; readonly session: string },
) => {
  const athena = {
    client: new AthenaClient(clientConfig(engine)),
    workgroup: 'cordon',
    database: 'cordon',
    now: Date.now,
    sleep,
  };
  const start = alone({
    suspects: [
      { session: `arn:aws:sts::${account}:assumed-role/${role}/${session}`, region, role },
    ],
    account,
    own: new Set(),
  });
  const at = bounds({
    accounts,
    regions: [region],
    from: utc(attackAt - 60_000),
    to: utc(attackAt + 60_000),
  });
  const table = { database: 'cordon', name: 'cloudtrail' };
  const material = await search(start, {
    athena,
    table,
    at,
    about: new Set(),
    occasion: `${accounts.join()} ${role} ${attempt++}`,
    deadline: Date.now() + 120_000,
    moments: [],
  });
  expect(material.asked.filter(({ state }) => state !== 'complete')).toEqual([]);
  return material;
};

const turns = { began: attackAt, accepted: attackAt + 5_000, effective: attackAt + 6_000 };

const found = async (accounts: readonly string[]) => {
  const { calls, circle } = await searched(accounts, thief);
  return eventsOf(inOrder(calls), circle.wanted, { turns, about: new Set() });
};

it('a hop into another account is followed in its folder', async () => {
  expect((await found([account, other])).map(({ id, whose }) => [id, whose])).toEqual([
    ['found-read', 'suspect'],
    ['found-hop', 'suspect'],
    ['found-far', 'followed'],
  ]);
});

it('an account that was not named is not read', async () => {
  expect((await found([account])).map(({ id }) => id)).toEqual(['found-read', 'found-hop']);
  expect((await found([account, other, unnamed])).map(({ id }) => id)).toEqual([
    'found-read',
    'found-hop',
    'found-far',
  ]);
});

const proofOf = async (occasion: string) => {
  const { calls, circle, asked } = await searched([account], mailer);
  return buildTimeline({
    incident: occasion,
    pass: 2,
    window: { from: utc(attackAt - 60_000), to: utc(attackAt + 60_000) },
    calls,
    circle,
    asked,
    blindSpots: [],
    horizon: null,
    turns,
    about: new Set(),
  });
};

it('what AWS does with the session after containment is no call of the suspect', async () => {
  const { all, lastAllowed, byWhose } = await proofOf('platform');

  expect(all.map(({ id, whose }) => [id, whose])).toEqual([
    ['own-call', 'suspect'],
    ['caller-identity', 'suspect'],
    ['own-log', 'platform'],
    ['own-variables', 'platform'],
  ]);
  expect(lastAllowed?.id).toBe('own-call');
  expect(byWhose).toMatchObject({ suspect: 2, platform: 2 });
});

it('a caller that names itself like AWS’s worker is found out by the log group', async () => {
  const day = utc(attackAt).slice(0, 10).replaceAll('-', '/');
  await new S3Client(clientConfig(engine)).send(
    new PutObjectCommand({
      Bucket: 'org-trail',
      Key: `logs/AWSLogs/o-abcdefghij/${account}/CloudTrail/${region}/${day}/b.json.gz`,
      Body: packed([logStream('forged', '/aws/lambda/payments')]),
    }),
  );

  expect((await proofOf('forged')).lastAllowed?.id).toBe('forged');
});
