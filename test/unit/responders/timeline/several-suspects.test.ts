import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import type { TimedSuspect } from '../../../../responders/incident/suspect.ts';
import { type Analysing, firstPass, secondPass } from '../../../../responders/timeline/analyse.ts';
import { widen } from '../../../../responders/timeline/circle.ts';
import { whoseIs } from '../../../../responders/timeline/who.ts';
import { aCase } from '../../../support/fakes/sources.ts';
import {
  account,
  call,
  type Made,
  ownRole,
  record,
  region,
  session,
  start,
  suspect,
} from '../../../support/responders/timeline/records.ts';

const deploy: TimedSuspect = { kind: 'user', userName: 'deploy' };
const bills: TimedSuspect = {
  kind: 'function',
  functionName: 'bills',
  region: 'us-east-1',
  roleName: 'bills-role',
  sharing: 'sole',
};
const suspects = [suspect, deploy, bills];

/** An event history in each region, asked by user name; Athena refuses every query. */
const world = (made: Readonly<Record<string, readonly Made[]>>) => {
  const questions: string[] = [];
  const queries: string[] = [];
  const cloudtrail = (region: string) => {
    const client = new CloudTrailClient({ region });
    mockClient(client)
      .on(LookupEventsCommand)
      .callsFake(({ LookupAttributes: [{ AttributeValue }] }) => {
        questions.push(`${region} ${AttributeValue}`);
        const calls = region === 'eu-west-1' ? (made[AttributeValue] ?? []) : [];
        return {
          Events: calls.map((each) => ({ CloudTrailEvent: JSON.stringify(record(each)) })),
        };
      });
    return client;
  };
  const client = new AthenaClient({ region });
  mockClient(client)
    .onAnyCommand()
    .callsFake((input) => {
      queries.push(JSON.stringify(input));
      throw Object.assign(new Error('not now'), { name: 'InvalidRequestException' });
    });
  const from: Analysing = {
    place: {
      partition: 'aws',
      region,
      table: { database: 'cordon', name: 'trail' },
      accounts: [account],
      regions: [region],
      own: { ContainmentLambda: ownRole },
    },
    cloudtrail,
    athena: {
      client,
      workgroup: 'w',
      database: 'cordon',
      now: () => Date.parse('2026-11-21T11:00:00Z'),
      sleep: async () => undefined,
    },
  };
  return { from, questions, queries };
};

const incident = () => {
  const known = aCase({ suspect, suspects: [deploy, bills] });
  return {
    ...known,
    head: { ...known.head, finding: { ...known.head.finding, account } },
  };
};

it('the calls of every suspect are the suspects’, and those of their namesakes are not', () => {
  const wanted = {
    ...start().wanted,
    suspects: [
      ...start().wanted.suspects,
      { session: `arn:aws:iam::${account}:user/deploy`, role: null, region },
      {
        session: `arn:aws:sts::${account}:assumed-role/bills-role/bills`,
        role: 'bills-role',
        region: 'us-east-1',
      },
    ],
  };
  const whose = (made: Made) => whoseIs(call(made), wanted);

  expect(whose({})).toBe('suspect');
  expect(whose({ user: 'deploy' })).toBe('suspect');
  expect(whose({ role: 'bills-role', sessionName: 'bills' })).toBe('suspect');
  // The session of one suspect in the role of another is nobody whom the finding names.
  expect(whose({ role: 'bills-role', sessionName: 'orders' })).toBeUndefined();
  expect(whose({ role: 'orders-role', sessionName: 'bills' })).toBeUndefined();
  const log = (region: string, group: string): Made => ({
    role: 'bills-role',
    sessionName: 'bills',
    service: 'logs',
    name: 'CreateLogStream',
    reads: false,
    region,
    parameters: { logGroupName: group },
  });
  expect(whose(log('us-east-1', '/aws/lambda/bills'))).toBe('platform');
  expect(whose(log(region, '/aws/lambda/bills'))).toBe('suspect');
  expect(whose(log('us-east-1', '/aws/lambda/orders'))).toBe('suspect');
});

it('what one suspect led to is followed; another suspect is nobody that it led to', () => {
  const known = start();
  const bill = `arn:aws:sts::${account}:assumed-role/bills-role/bills`;
  const circle = {
    ...known,
    wanted: {
      ...known.wanted,
      suspects: [...known.wanted.suspects, { session: bill, role: 'bills-role', region }],
    },
  };
  const assumes = (arn: string, key: string, by: Made): Made => ({
    ...by,
    service: 'sts',
    name: 'AssumeRole',
    answer: { assumedRoleUser: { arn }, credentials: { accessKeyId: key } },
  });
  const hop = `arn:aws:sts::${account}:assumed-role/admin/hop`;

  const { followed } = widen(
    circle,
    [
      assumes(hop, 'ASIAHOP', { role: 'bills-role', sessionName: 'bills' }),
      assumes(bill, 'ASIABILLS', {}),
    ].map(call),
  );

  expect(followed.map(({ who }) => who)).toEqual([hop, 'ASIAHOP', 'ASIABILLS']);
});

it('the first pass asks about everybody, in the regions of all functions', async () => {
  const { from, questions } = world({
    orders: [{ id: 'e1', at: '2026-11-21T10:00:00Z' }],
    deploy: [{ id: 'e2', at: '2026-11-21T10:00:01Z', user: 'deploy' }],
    bills: [
      { id: 'e3', at: '2026-11-21T10:00:02Z', role: 'bills-role', sessionName: 'bills' },
      { id: 'e4', at: '2026-11-21T10:00:03Z', role: 'orders-role', sessionName: 'bills' },
    ],
  });

  const timeline = await firstPass(incident(), suspects, from);

  expect(questions).toEqual(
    [region, 'us-east-1'].flatMap((place) =>
      ['orders', 'deploy', 'bills', 'ContainmentLambda'].map((name) => `${place} ${name}`),
    ),
  );
  expect(timeline.byWhose.suspect).toBe(3);
  expect(timeline.all.map(({ actor }) => actor)).toEqual([
    session,
    `arn:aws:iam::${account}:user/deploy`,
    `arn:aws:sts::${account}:assumed-role/bills-role/bills`,
  ]);
});

it('the second pass asks the trail about everybody in one question', async () => {
  const { from, queries } = world({});
  const occasion = { now: Date.parse('2026-11-21T11:00:00Z'), attempt: 0, deadline: Date.now() };

  const { unanswered, finish } = await secondPass(incident(), suspects, occasion, from);

  expect(unanswered.length).toBeGreaterThan(0);
  const about = queries.find((query) => query.includes('requestparameters')) ?? '';
  for (const name of [
    session,
    `arn:aws:iam::${account}:user/deploy`,
    `arn:aws:sts::${account}:assumed-role/bills-role/bills`,
  ])
    expect(about).toContain(name);
  expect((await finish()).provisional).toBe(true);
});
