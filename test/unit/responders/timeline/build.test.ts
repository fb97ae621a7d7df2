import { describe, expect, it } from 'vitest';
import { attackVersion } from '../../../../responders/shared/attack-techniques.ts';
import { buildTimeline, type Material, summaryOf } from '../../../../responders/timeline/build.ts';
import type { Call } from '../../../../responders/timeline/call.ts';
import { widen } from '../../../../responders/timeline/circle.ts';
import type { Timeline } from '../../../../responders/timeline/timeline.ts';
import fc from '../../../support/property.ts';
import { call, type Made, start } from '../../../support/responders/timeline/records.ts';

const ms = (time: string): number => Date.parse(`2026-11-21T${time}Z`);
const at = (time: string): string => `2026-11-21T${time}Z`;
const turns = {
  began: ms('09:59:00'),
  accepted: ms('10:00:05.400'),
  effective: ms('10:00:08.100'),
};

const built = (calls: readonly Call[], over: Partial<Material> = {}): Timeline =>
  buildTimeline({
    incident: 'inc-1',
    pass: 2,
    window: { from: at('00:00:00'), to: at('11:00:00') },
    calls,
    circle: widen(start(), calls),
    asked: [{ id: 'the session', source: 'Athena', state: 'complete', rows: 1, bytes: 1, ms: 1 }],
    blindSpots: [],
    horizon: at('10:30:00'),
    turns,
    about: new Set(['orders', 'orders-role']),
    ...over,
  });
const denied = (made: Made): Call => call({ error: 'AccessDenied', ...made });

it('says each call once and in order, whatever order and however often it was delivered', () => {
  const calls = ['10:00:01', '10:00:02', '10:00:03'].map((time) => call({ at: at(time) }));
  fc.assert(
    fc.property(fc.shuffledSubarray([...calls, ...calls], { minLength: 6 }), (delivered) => {
      expect(built(delivered).all.map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
    }),
  );
});

it('marks the last call that was allowed and the first that was denied since containment', () => {
  const calls = [
    denied({ at: at('09:59:30'), service: 'iam', name: 'ListRoles' }),
    call({ at: at('10:00:05'), id: 'last' }),
    denied({ at: at('10:00:06'), id: 'first' }),
    denied({ at: at('10:00:07') }),
    call({ at: at('10:00:09'), service: 'sts', name: 'GetCallerIdentity' }),
  ];

  const { lastAllowed, firstDenied, all } = built(calls);

  expect([lastAllowed?.id, firstDenied?.id]).toEqual(['last', 'first']);
  expect(all.map(({ phase }) => phase)).toEqual([
    'activity',
    'activity',
    'response',
    'response',
    'after',
  ]);
});

it('tells what was before the activity, and Cordon’s own calls about this incident only', () => {
  const cordon = {
    role: 'Contain',
    path: '/cordon/',
    sessionName: 'ContainmentLambda',
    key: 'ASIACORDON',
    service: 'iam',
    reads: false,
  };
  const calls = [
    call({ at: at('08:00:00') }),
    call({
      at: at('10:00:05'),
      ...cordon,
      name: 'AttachRolePolicy',
      parameters: { roleName: 'orders-role' },
    }),
    call({
      at: at('10:00:05'),
      ...cordon,
      name: 'AttachRolePolicy',
      parameters: { roleName: 'somebody-elses' },
    }),
    call({
      at: at('10:00:05'),
      ...cordon,
      name: 'GetRole',
      reads: true,
      parameters: { roleName: 'orders-role' },
    }),
  ];

  const { all, byWhose, leftBehind } = built(calls);

  expect(all.map(({ whose, phase }) => `${whose} ${phase}`)).toEqual([
    'suspect before',
    'cordon response',
  ]);
  expect(byWhose).toEqual({ suspect: 1, followed: 0, cordon: 1, platform: 0 });
  expect(leftBehind).toEqual([]);
});

describe('folding', () => {
  const burst = Array.from({ length: 412 }, (_, index) =>
    call({
      at: new Date(ms('09:59:10') + index * 92).toISOString().replace(/\.\d+/, ''),
      parameters: { bucketName: 'b', key: `k${index}` },
    }),
  );

  it('a burst is one row and every call stays in the raw list', () => {
    const { rows, all } = built(burst);
    expect(rows[0]).toMatchObject({
      count: 411,
      until: at('09:59:47'),
      distinct: 411,
      action: 's3:GetObject',
    });
    expect(rows[0]?.resources).toHaveLength(5);
    expect(rows[1]).toMatchObject({ count: 1, mark: 'last allowed' });
    expect(all).toHaveLength(412);
  });

  it('loses and invents nothing', () => {
    const kind = fc.record({
      name: fc.constantFrom('GetObject', 'PutObject'),
      second: fc.integer({ min: 0, max: 3_000 }),
      bad: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 60 }), (kinds) => {
        const calls = kinds.map(({ name, second, bad }) =>
          call({
            name,
            at: new Date(ms('09:30:00') + second * 1_000).toISOString().replace('.000', ''),
            ...(bad && { error: 'AccessDenied' }),
          }),
        );
        const { rows, all } = built(calls);
        expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(all.length);
        expect(rows.map((row) => row.at)).toEqual([...rows.map((row) => row.at)].sort());
      }),
    );
  });
});

it('lists what was left behind with a command that a hostile name cannot leave', () => {
  const made = (name: string, userName: string, error?: string) =>
    call({
      service: 'iam',
      name,
      reads: false,
      parameters: { userName },
      ...(error !== undefined && { error }),
    });

  const { leftBehind } = built([
    made('CreateUser', "eve'; rm -rf / #"),
    made('CreateUser', 'denied', 'AccessDenied'),
    made('CreateUser', "eve'; rm -rf / #"),
  ]);

  expect(leftBehind).toHaveLength(1);
  expect(leftBehind[0]).toMatchObject({
    kind: 'principal',
    check: String.raw`aws iam get-user --user-name 'eve'\''; rm -rf / #'`,
  });
});

it('of what was left behind it tells the first time, every instance by its name, and whose a key is', () => {
  const runs = (id: string, time: string) =>
    call({
      at: at(time),
      service: 'ec2',
      name: 'RunInstances',
      reads: false,
      answer: { instancesSet: { items: [{ instanceId: id }] } },
    });
  const update = (time: string) =>
    call({
      at: at(time),
      service: 'lambda',
      name: 'UpdateFunctionCode',
      reads: false,
      parameters: { functionName: 'payments' },
    });
  const answer = { accessKey: { accessKeyId: 'AKIANEW', userName: 'eve' } };
  const ownKey = call({
    at: at('09:59:35'),
    service: 'iam',
    name: 'CreateAccessKey',
    reads: false,
    answer,
  });

  const { leftBehind } = built([
    runs('i-1', '09:59:10'),
    update('09:59:20'),
    runs('i-2', '09:59:30'),
    ownKey,
    update('09:59:40'),
  ]);

  expect(leftBehind.map(({ what, by }) => `${by.at.slice(11, 19)} ${what}`)).toEqual([
    '09:59:10 i-1',
    '09:59:20 payments',
    '09:59:30 i-2',
    '09:59:35 eve, AKIANEW',
  ]);
  expect(leftBehind[3]?.check).toBe("aws iam list-access-keys --user-name 'eve'");
});

it('knows Lambda’s calls by their names with and without the version of its API', () => {
  const update = call({
    service: 'lambda',
    name: 'UpdateFunctionCode20150331v2',
    reads: false,
    parameters: { functionName: 'payments' },
  });
  const { leftBehind, attack } = built([update]);
  expect(leftBehind[0]?.check).toBe(
    "aws lambda get-function --function-name 'payments' --region 'eu-west-1'",
  );
  expect(attack).toEqual({
    version: attackVersion,
    techniques: [{ id: 'T1648', name: 'Serverless Execution', events: 1 }],
  });
});

it('says what was reached, and what was only tried', () => {
  const secret = {
    service: 'secretsmanager',
    name: 'GetSecretValue',
    parameters: { secretId: 'db' },
  };
  expect(built([call(secret), call(secret), denied(secret)]).reached).toEqual([
    expect.objectContaining({ kind: 'secret', what: 'db', reads: 2, changes: 0, denied: 1 }),
  ]);
});

it('says each of the things that one call has reached', () => {
  const parameters = call({
    service: 'ssm',
    name: 'GetParameters',
    parameters: { names: ['/db/password', '/mail/token'], withDecryption: true },
  });
  const tables = ['a', 'b'].map((name) => `arn:aws:dynamodb:eu-west-1:111122223333:table/${name}`);
  const batch = call({
    service: 'dynamodb',
    name: 'BatchGetItem',
    category: 'Data',
    parameters: { requestItems: {} },
    resources: tables,
  });

  expect(
    built([parameters, batch]).reached.map(({ kind, what, reads }) => [kind, what, reads]),
  ).toEqual([
    ['parameter', '/db/password', 1],
    ['parameter', '/mail/token', 1],
    ['table', tables[0], 1],
    ['table', tables[1], 1],
  ]);
});

it('is provisional while a query has no answer, and its summary stays small', () => {
  const calls = Array.from({ length: 500 }, (_, index) =>
    call({
      service: 'iam',
      name: 'CreateUser',
      reads: false,
      parameters: { userName: `u${index}` },
    }),
  );
  const pending = {
    id: 'the session',
    source: 'Athena',
    state: 'pending',
    why: 'the query is QUEUED',
    rows: 0,
    bytes: 0,
    ms: 1,
  } as const;

  const timeline = built(calls, { asked: [pending] });

  expect(timeline).toMatchObject({
    provisional: true,
    complete: false,
    pending: 'the session: the query is QUEUED',
  });
  expect(timeline.leftBehind).toHaveLength(500);
  expect(JSON.stringify(summaryOf(timeline)).length).toBeLessThan(40_000);
});
