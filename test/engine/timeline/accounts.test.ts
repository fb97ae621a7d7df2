// An organisation's trail: a hop into another account is followed there, and the same names in that
// account stay out.
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { inOrder } from '../../../responders/timeline/call.ts';
import { alone } from '../../../responders/timeline/circle.ts';
import { eventsOf } from '../../../responders/timeline/events.ts';
import { search } from '../../../responders/timeline/search.ts';
import { bounds } from '../../../responders/timeline/sql.ts';
import { makeTable } from '../../../tools/bench/trail-table.ts';
import {
  account,
  attackAt,
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

/** By account of the folder; what the timeline must find is named `found-…`. */
const trail: Readonly<Record<string, readonly object[]>> = {
  [account]: [
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

const found = async (accounts: readonly string[]) => {
  const athena = {
    client: new AthenaClient(clientConfig(engine)),
    workgroup: 'cordon',
    database: 'cordon',
    now: Date.now,
    sleep,
  };
  const start = alone({
    session: `arn:aws:sts::${account}:assumed-role/orders-role/orders`,
    account,
    role: 'orders-role',
    own: new Set(),
  });
  const at = bounds({
    accounts,
    regions: [region],
    from: utc(attackAt - 60_000),
    to: utc(attackAt + 60_000),
  });
  const table = { database: 'cordon', name: 'cloudtrail' };
  const { calls, circle, asked } = await search(start, {
    athena,
    table,
    at,
    about: new Set(),
    occasion: accounts.join(),
    deadline: Date.now() + 120_000,
  });
  expect(asked.map(({ state }) => state)).toEqual(asked.map(() => 'complete'));
  return eventsOf(inOrder(calls), circle.wanted, {
    turns: { began: attackAt, accepted: null, effective: null },
    about: new Set(),
  });
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
