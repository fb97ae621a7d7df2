import { describe, expect, it } from 'vitest';
import { callerIn, changeCallOf, isSweep } from '../../../../responders/contain/change-call.ts';
import { changesFrom, isSuspicious } from '../../../../responders/contain/changes.ts';
import { youngTags } from '../../../../responders/contain/tag-age.ts';
import type { Confirmed } from '../../../../responders/decide/suspect-kind.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import type { Suspect } from '../../../../responders/incident/suspect.ts';
import type { JsonCall } from '../../../../responders/shared/signed-json.ts';
import { functionArn } from '../../../support/fakes/account.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const since = Date.parse('2026-11-21T09:59:00.500Z');

/** An event history of so many pages for each name. */
const historyOf = (pages: number, errorCode?: string) => {
  const sent: JsonCall[] = [];
  let pauses = 0;
  const call = (place: string) => async (request: JsonCall) => {
    sent.push(request);
    const { NextToken = '1' } = request.body as { readonly NextToken?: string };
    const page = Number(NextToken);
    const record = { place, page, ...(errorCode && { errorCode }) };
    return {
      Events: [{ CloudTrailEvent: JSON.stringify(record) }, {}],
      ...(page < pages && { NextToken: String(page + 1) }),
    };
  };
  const from = {
    regions: [call('eu-west-1'), call('us-east-1')],
    iam: call('iam'),
    pause: async () => {
      pauses += 1;
    },
  };
  return { sent, from, pauses: () => pauses };
};

describe('the changes that CloudTrail has recorded', () => {
  it('are read of IAM in one place, and of Lambda in every region, page by page', async () => {
    const { sent, from, pauses } = historyOf(2);
    const records = await changesFrom(from)(['TagRole', 'CreateFunction20150331'], since);

    expect(records.filter((record) => record !== undefined)).toEqual([
      ...['iam', 'iam'].map((place, index) => ({ place, page: index + 1 })),
      ...['eu-west-1', 'eu-west-1'].map((place, index) => ({ place, page: index + 1 })),
      ...['us-east-1', 'us-east-1'].map((place, index) => ({ place, page: index + 1 })),
    ]);
    expect(pauses()).toBe(3);
    expect(sent[0]).toEqual({
      ...{ method: 'POST', path: '/' },
      target: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
      body: {
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'TagRole' }],
        StartTime: Math.floor(since / 1000),
        MaxResults: 50,
      },
    });
    expect(sent[1]?.body).toMatchObject({ NextToken: '2' });
  });

  it('are those of five pages at most, and no calls that failed', async () => {
    const many = historyOf(9);
    await changesFrom(many.from)(['UpdateAssumeRolePolicy'], since);
    expect([many.sent.length, many.pauses()]).toEqual([5, 4]);
    const failed = await changesFrom(historyOf(1, 'AccessDenied').from)(['TagRole'], since);
    expect(failed.filter((record) => record !== undefined)).toEqual([]);
  });
});

describe('a change may be the intruder’s', () => {
  const orders: Suspect = {
    ...{ kind: 'function', functionName: 'orders', roleName: 'orders-role' },
    sharing: 'sole',
  };
  const at = (eventTime: string, arn = 'arn:aws:iam::1:user/anna') =>
    isSuspicious({ eventTime, userIdentity: { arn } }, [orders], since);

  it('from the second on in which the activity began', () => {
    expect(at('2026-11-21T09:58:59Z')).toBe(false);
    expect(at('2026-11-21T09:59:00Z')).toBe(true);
    expect(at('2026-11-21T10:00:00Z')).toBe(true);
  });

  it.each<[Suspect, string, string]>([
    [
      { kind: 'session', roleName: 'r', sessionName: 's' },
      'arn:aws:sts::1:assumed-role/r/s',
      'arn:aws:sts::1:assumed-role/r/s2',
    ],
    [
      { kind: 'role', roleName: 'r' },
      'arn:aws:sts::1:assumed-role/r/any',
      'arn:aws:sts::1:assumed-role/r2/any',
    ],
    [{ kind: 'user', userName: 'u' }, 'arn:aws:iam::1:user/ci/u', 'arn:aws:iam::1:user/ci/u2'],
    [
      { kind: 'access-key', userName: 'u', keyId: 'AKIA1' },
      'arn:aws:iam::1:user/u',
      'arn:aws:sts::1:assumed-role/r/u',
    ],
  ])('and before, where %j made it', (suspect, own, another) => {
    const early = (arn: string) =>
      isSuspicious(
        { eventTime: '2026-11-20T00:00:00Z', userIdentity: { arn } },
        [orders, suspect],
        since,
      );
    expect([early(own), early(another)]).toEqual([true, false]);
  });

  it('and before, where the session of the suspect made it', () => {
    const own = 'arn:aws:sts::1:assumed-role/orders-role/orders';
    expect(at('2026-11-20T00:00:00Z', own)).toBe(true);
    expect(at('2026-11-20T00:00:00Z', `${own}-2`)).toBe(false);
    expect(at('2026-11-20T00:00:00Z', 'arn:aws:sts::1:assumed-role/x-orders-role/orders')).toBe(
      false,
    );
    expect(isSuspicious({}, [orders], since)).toBe(false);
  });
});

describe('what a call may have changed', () => {
  it.each([
    ['orders', 'orders'],
    ['orders:live', 'orders'],
    [functionArn('orders'), 'orders'],
    [`${functionArn('orders')}:live`, 'orders'],
    ['arn:aws:lambda', ''],
    ['', ''],
  ])('is of %s the function %s', (functionName, name) => {
    const event = { detail: { requestParameters: { functionName } } };
    expect(changeCallOf(event).functions).toEqual([name]);
  });

  it('is read from parameters and answer, and is nothing where neither names anything', () => {
    expect(
      changeCallOf({
        detail: {
          eventID: 'e1',
          requestParameters: {
            roleName: 'orders-role',
            role: 'arn:aws:iam::1:role/team/app-role',
            userName: 'deploy',
          },
          responseElements: { functionName: 'a', functionArn: functionArn('b') },
        },
      }),
    ).toEqual({
      eventId: 'e1',
      functions: ['a', 'b'],
      roles: ['orders-role', 'app-role'],
      users: ['deploy'],
    });
    expect(changeCallOf(undefined)).toEqual({ eventId: '', functions: [], roles: [], users: [] });
  });

  it('has no caller where the record of its id is of another call', () => {
    const call = changeCallOf({
      detail: { eventID: 'e1', requestParameters: { roleName: 'orders-role' } },
    });
    const other = { eventID: 'e1', requestParameters: { roleName: 'another' } };
    expect(callerIn({ ...other, userIdentity: { arn: 'arn:admin' } }, call)).toBeUndefined();
  });

  it('has a caller, and the clock has none', () => {
    const requestParameters = { roleName: 'orders-role' };
    const record = { eventID: 'e1', requestParameters, userIdentity: { arn: 'arn:x' } };
    const call = changeCallOf({ detail: { eventID: 'e1', requestParameters } });
    expect(callerIn(record, call)).toBe('arn:x');
    expect(callerIn({ ...record, userIdentity: {} }, call)).toBeUndefined();
    expect([isSweep({ sweep: true }), isSweep({ sweep: 'true' }), isSweep(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe('the age of a tag', () => {
  const finding = parseFinding(lambdaFinding(), false);
  const roleArn = 'arn:aws:iam::111122223333:role/orders-role';
  const confirmed = (over: Partial<Confirmed> = {}): Confirmed => ({
    suspect: {
      ...{ kind: 'function', functionName: 'orders', roleName: 'orders-role' },
      sharing: 'sole',
    },
    arns: [roleArn, functionArn('orders')],
    tags: [{ 'cordon:tier': 'critical' }, { 'cordon:tier': 'critical' }],
    ...{ parts: 'function and role', contradiction: null, proof: 'proven' },
    ...over,
  });
  const young = (records: readonly object[], of = confirmed(), about = finding) =>
    youngTags(of, about, {
      settings: someSettings(),
      readChanges: async () =>
        records.map((record) => ({ eventTime: '2026-11-21T09:59:30Z', ...record })),
    });
  const tagged = { arn: roleArn, key: 'cordon:tier' };

  it('is read from the calls that set it: a list for a role, an object for a function', async () => {
    const tags = [{ key: 'cordon:tier', value: 'critical' }];
    expect(await young([{ requestParameters: { roleName: 'orders-role', tags } }])).toEqual({
      ok: true,
      value: [tagged],
    });
    const resource = functionArn('orders');
    const onFunction = { requestParameters: { resource, tags: { 'cordon:tier': 'critical' } } };
    expect(await young([onFunction])).toEqual({
      ok: true,
      value: [{ arn: resource, key: 'cordon:tier' }],
    });
  });

  it.each<[string, object]>([
    ['another role', { roleName: 'other-role', tags: [{ key: 'cordon:tier' }] }],
    ['another key', { roleName: 'orders-role', tags: [{ key: 'team' }] }],
    ['another function', { resource: functionArn('bills'), tags: { 'cordon:tier': 'x' } }],
    ['another key of the function', { resource: functionArn('orders'), tags: { team: 'x' } }],
    ['nothing', {}],
  ])('is no change of %s', async (_what, requestParameters) => {
    expect(await young([{ requestParameters }])).toEqual({ ok: true, value: [] });
  });

  it('is none that was set before, unless by the suspect', async () => {
    const call = {
      eventTime: '2026-11-21T00:00:00Z',
      requestParameters: { roleName: 'orders-role', tags: [{ key: 'cordon:tier' }] },
    };
    expect(await young([call])).toEqual({ ok: true, value: [] });
    const arn = 'arn:aws:sts::111122223333:assumed-role/orders-role/orders';
    expect(await young([{ ...call, userIdentity: { arn } }])).toEqual({
      ok: true,
      value: [tagged],
    });
  });

  const deploy = { kind: 'user', userName: 'deploy' } as const;
  const userArn = 'arn:aws:iam::111122223333:user/ci/deploy';
  const critical = { 'cordon:tier': 'critical' };

  it.each<[string, Partial<Confirmed>, object, string, string]>([
    ['a user', { suspect: deploy }, { userName: 'deploy' }, userArn, 'TagUser'],
    [
      'a session',
      { suspect: { kind: 'session', roleName: 'orders-role', sessionName: 's' } },
      { roleName: 'orders-role' },
      roleArn,
      'TagRole',
    ],
    [
      'a role',
      { suspect: { kind: 'role', roleName: 'orders-role' } },
      { roleName: 'orders-role' },
      roleArn,
      'TagRole',
    ],
    ['a second suspect', { suspects: [deploy] }, { userName: 'deploy' }, userArn, 'TagUser'],
  ])('is read of %s, from the call that tags it', async (_whom, of, named, arn, call) => {
    const asked: string[] = [];
    const record = {
      eventTime: '2026-11-21T09:59:30Z',
      requestParameters: { ...named, tags: [{ key: 'cordon:tier', value: 'critical' }] },
    };
    const set = await youngTags(confirmed({ arns: [arn], tags: [critical], ...of }), finding, {
      settings: someSettings(),
      readChanges: async (names) => {
        asked.push(...names);
        return [record];
      },
    });
    expect(set).toEqual({ ok: true, value: [{ arn, key: 'cordon:tier' }] });
    expect(asked).toEqual([call]);
  });

  it('is that of its own resource: a role and a user may have one name', async () => {
    const of = confirmed({ suspect: deploy, arns: [userArn], tags: [critical] });
    const tags = [{ key: 'cordon:tier', value: 'critical' }];
    const onRole = { requestParameters: { roleName: 'deploy', tags } };
    expect(await young([onRole], of)).toEqual({ ok: true, value: [] });
  });

  it('is young where a suspect has set it itself, however early', async () => {
    const of = confirmed({ suspect: deploy, arns: [userArn], tags: [critical] });
    const call = {
      eventTime: '2026-11-21T00:00:00Z',
      requestParameters: { userName: 'deploy', tags: [{ key: 'cordon:tier' }] },
    };
    expect(await young([call], of)).toEqual({ ok: true, value: [] });
    expect(await young([{ ...call, userIdentity: { arn: userArn } }], of)).toEqual({
      ok: true,
      value: [{ arn: userArn, key: 'cordon:tier' }],
    });
  });

  it('is read only where a tag decides', async () => {
    expect(await young([], confirmed({ tags: [{}, {}] }))).toBeUndefined();
    expect(await young([], confirmed(), { ...finding, firstSeen: null })).toBeUndefined();
    const settings = someSettings();
    const readChanges = async () => Promise.reject(new Error('no'));
    expect(await youngTags(null, finding, { settings, readChanges })).toBeUndefined();
    expect(await youngTags(confirmed(), finding, { settings, readChanges })).toMatchObject({
      ok: false,
    });
  });
});
