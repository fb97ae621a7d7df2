// What the grants of functions deny, by an evaluator that knows nothing of the engine.
import { expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { functions } from '../../../responders/functions.ts';
import { claimKey } from '../../../responders/incident/incident-id.ts';
import { incidentKey, questionKey } from '../../../responders/incident/keys.ts';
import { independent } from '../../support/engine/evaluator.ts';
import { policyOf } from '../../support/engine/grants.ts';

const table = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/cases`;
const tamperQueue = `arn:aws:sqs:${REGION}:${ACCOUNT}:tamper`;

const judged = (name: string, action: string, resource: string, context = {}) => {
  const grants = functions.find((spec) => spec.name === name)?.calls ?? [];
  const document = policyOf(grants, { table: [table], tamperQueue: [tamperQueue] });
  return independent(`arn:aws:sts::${ACCOUNT}:assumed-role/x/${name}`, [{ name, document }], {
    action,
    resource,
    context,
  });
};

it.each([
  ['NotifyLambda', 'MAILRATE', ['INC#inc-1', 'TARGET#contain.deny-user#x', 'CHAIN#1', 'DENIALS']],
  ['TamperLambda', 'MAILRATE', ['INC#inc-1', 'TARGET#contain.deny-user#x', 'CHAIN#1', 'DENIALS']],
  ['CheckLambda', 'MAILRATE', ['INC#inc-1', 'TARGET#contain.deny-user#x', 'CHAIN#1', 'DENIALS']],
  ['ReleaseLambda', 'TARGET#contain.deny-user#x', ['INC#inc-1', 'MAILRATE', 'CHAIN#1', 'DENIALS']],
])('%s deletes items of its own partitions only', async (name, own, others) => {
  const deleting = (key: string) =>
    judged(name, 'dynamodb:DeleteItem', table, { 'dynamodb:LeadingKeys': [key] });

  expect(await deleting(own)).toBe('allowed');
  for (const key of others) expect([key, await deleting(key)]).toEqual([key, 'denied']);
});

it('HeartbeatLambda reads claims of drills and incidents, and no token of a question', async () => {
  const reading = (key: string) =>
    judged('HeartbeatLambda', 'dynamodb:GetItem', table, { 'dynamodb:LeadingKeys': [key] });
  const claim = { drill: true, account: ACCOUNT, region: REGION, findingId: 'f' };

  expect(await reading(claimKey(claim))).toBe('allowed');
  expect(await reading(incidentKey('inc-1'))).toBe('allowed');
  for (const key of [
    questionKey('inc-1'),
    'MAILRATE',
    'DENIALS',
    claimKey({ ...claim, drill: false }),
  ])
    expect([key, await reading(key)]).toEqual([key, 'denied']);
});

it('no other function deletes an item', () => {
  const deleting = functions.filter(({ calls }) =>
    calls.some(({ may }) => may.some((command) => /^(Delete|BatchWrite)Item$/.test(command))),
  );

  expect(deleting.map(({ name }) => name)).toEqual([
    'NotifyLambda',
    'TamperLambda',
    'CheckLambda',
    'ReleaseLambda',
  ]);
});

it.each(functions.map(({ name }) => name))(
  'a mapping that an intruder makes with the role of %s reads no queue or stream but its own',
  async (name) => {
    const reads: readonly (readonly [string, string])[] = [
      ['sqs:ReceiveMessage', `arn:aws:sqs:${REGION}:${ACCOUNT}:orders`],
      ['kinesis:GetRecords', `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders`],
      ['dynamodb:GetRecords', `${table}/stream/2026-11-30T00:00:00.000`],
      ['kafka:DescribeCluster', `arn:aws:kafka:${REGION}:${ACCOUNT}:cluster/orders/x`],
    ];
    for (const [action, resource] of reads)
      expect([action, await judged(name, action, resource)]).toEqual([action, 'denied']);

    const own = name === 'TamperLambda' ? 'allowed' : 'denied';
    expect(await judged(name, 'sqs:ReceiveMessage', tamperQueue)).toBe(own);
  },
);

it.each([
  ['sqs:GetQueueAttributes', `arn:aws:sqs:${REGION}:${ACCOUNT}:orders`],
  ['cloudwatch:GetMetricStatistics', '*'],
])('only the function that asks may read what a question says: %s', async (action, resource) => {
  const allowed = await Promise.all(
    functions.map(async ({ name }) => [name, await judged(name, action, resource)] as const),
  );
  expect(allowed.filter(([, verdict]) => verdict === 'allowed').map(([name]) => name)).toEqual([
    'ContainmentLambda',
  ]);
});

it.each([
  ...['SendMessage', 'DeleteMessage', 'PurgeQueue', 'SetQueueAttributes', 'DeleteQueue'].map(
    (call) => [`sqs:${call}`, `arn:aws:sqs:${REGION}:${ACCOUNT}:orders`] as const,
  ),
  ...['PutMetricData', 'DeleteAlarms', 'SetAlarmState'].map(
    (call) => [`cloudwatch:${call}`, '*'] as const,
  ),
])('and it changes nothing of it: %s', async (action, resource) => {
  expect(await judged('ContainmentLambda', action, resource)).toBe('denied');
});
