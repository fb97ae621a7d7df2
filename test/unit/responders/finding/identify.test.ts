import { describe, expect, it } from 'vitest';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { identify, type Named, namesOf } from '../../../../responders/finding/identify.ts';
import { accountId, functionArn } from '../../../support/fakes/account.ts';
import { attackSequence, lambdaFinding } from '../../../support/fakes/findings.ts';

const named = (event: unknown) => identify(parseFinding(event, false));

const withKey = (accessKeyDetails: object) => {
  const event = lambdaFinding();
  const resource = { resourceType: 'AccessKey', accessKeyDetails };
  return named({ ...event, detail: { ...event.detail, resource } });
};
const userId = 'AIDAEXAMPLEEXAMPLE01';
const roleId = 'AROAEXAMPLEEXAMPLE01';
const aUser = { principalId: userId, userName: 'deploy', userType: 'IAMUser' };
const aSession = { principalId: `${roleId}:build`, userName: 'ci', userType: 'AssumedRole' };

describe('a function', () => {
  const about = (change: object) => {
    const event = lambdaFinding();
    const { resource } = event.detail;
    const lambdaDetails = { ...resource.lambdaDetails, ...change };
    return named({
      ...event,
      detail: { ...event.detail, resource: { ...resource, lambdaDetails } },
    });
  };

  it.each<[string, object, string]>([
    [
      'another name than its ARN',
      { functionArn: functionArn('bills') },
      `the function ARN ${functionArn('bills')} does not name orders`,
    ],
    ['no ARN', { functionArn: 'orders' }, 'the function ARN orders does not name orders'],
    [
      'another account than the finding',
      { functionArn: functionArn('orders').replace(accountId, '999988887777') },
      'the function ARN names another account or region than the finding',
    ],
    [
      'another region than the finding',
      { functionArn: functionArn('orders').replace('eu-west-1', 'us-east-1') },
      'the function ARN names another account or region than the finding',
    ],
    ['no role', { role: 'orders-role' }, 'orders-role is not the ARN of a role'],
  ])('with %s is told, with the reason', (_what, change, cannot) => {
    expect(about(change)).toEqual({ cannot });
  });
});

describe('an identity', () => {
  it('a user by its name and id', () => {
    expect(withKey(aUser)).toEqual({
      named: { kind: 'user', userName: 'deploy', claimed: { userId } },
    });
  });

  it('a session by role, name and the id of the role; one without a name is the role', () => {
    const session = {
      kind: 'session',
      roleName: 'ci',
      region: 'eu-west-1',
      since: Date.parse('2026-11-21T09:59:00Z'),
      claimed: { roleId },
    };
    expect(withKey(aSession)).toEqual({ named: { ...session, sessionName: 'build' } });
    expect(withKey({ ...aSession, principalId: roleId, userType: 'Role' })).toEqual({
      named: { ...session, sessionName: null },
    });
  });

  it.each<[object, string]>([
    [{ ...aUser, userName: 'a b' }, 'a b is not the name of a user'],
    [{ ...aUser, principalId: roleId }, `${roleId} is not the id of a user`],
    [{ ...aUser, principalId: 'AIDASHORT' }, 'AIDASHORT is not the id of a user'],
    [{ ...aUser, principalId: `x${userId}` }, `x${userId} is not the id of a user`],
    [{ ...aUser, principalId: `${userId}:x` }, `${userId}:x is not the id of a user`],
    [{ ...aSession, userName: 'a b' }, 'a b is not the name of a role'],
    [{ ...aSession, principalId: 'AROASHORT:x' }, 'AROASHORT:x is not a session of a role'],
    [{ ...aSession, principalId: `x${roleId}:y` }, `x${roleId}:y is not a session of a role`],
    [{ ...aSession, principalId: `${roleId}-:y` }, `${roleId}-:y is not a session of a role`],
    [{ ...aSession, principalId: `${roleId}:a:b` }, `${roleId}:a:b is not a session of a role`],
    [{ ...aSession, principalId: `${roleId}:a b` }, `${roleId}:a b is not a session of a role`],
    [
      { ...aUser, userType: 'Root' },
      'nothing can be denied to the root user: change its password, delete its access keys, ' +
        'check its MFA devices, and look for what it made',
    ],
    [
      { ...aUser, userType: 'FederatedUser' },
      'the finding does not name the user from whose key this session was made: find it in ' +
        'CloudTrail (GetFederationToken) and deny that user',
    ],
    [
      { ...aUser, userType: 'AWSAccount' },
      'it is about another account, whose owner must contain it',
    ],
    [{ ...aUser, userType: 'AWSService' }, 'it is about a service of AWS'],
    [
      { ...aUser, userType: 'Directory' },
      'Cordon reports findings about Directory, and does not contain them',
    ],
  ])('%j is told, with what a person can do', (details, cannot) => {
    expect(withKey(details)).toEqual({ cannot });
  });
});

describe('an attack sequence', () => {
  const user = (over: object = {}) => ({
    uid: userId,
    name: 'deploy',
    type: 'IAMUser',
    account: { uid: accountId },
    ...over,
  });

  it('names each identity once, and besides whom nothing can be denied', () => {
    const key = { principalId: `${roleId}:build`, userName: 'ci', userType: 'AssumedRole' };
    const found = named(
      attackSequence(
        [user(), user(), user({ account: { uid: '999988887777' } }), user({ type: 'Root' })],
        [
          { data: { accessKey: key }, accountId },
          { data: { accessKey: aUser } },
          { data: { bucket: {} } },
          {},
        ],
      ),
    );
    expect(found).toMatchObject({
      named: { kind: 'user', userName: 'deploy' },
      others: [{ kind: 'session', roleName: 'ci', sessionName: 'build' }],
      besides: [
        'deploy (it acted in account 999988887777)',
        expect.stringMatching(/^deploy \(nothing can be denied to the root user/),
      ],
    });
  });

  it('that names one alone has no others, and nobody besides', () => {
    expect(named(attackSequence([user()]))).toEqual({
      named: { kind: 'user', userName: 'deploy', claimed: { userId } },
    });
  });

  it.each<[string, readonly unknown[], readonly object[], string]>([
    ['nobody', [], [], 'the attack sequence names no credentials'],
    ['actors without users', [{}, { user: 'x' }], [], 'the attack sequence names no credentials'],
    [
      'a user with nothing in it',
      [{ user: {} }],
      [],
      'the attack sequence names nobody who can be denied:  (Cordon reports findings about , and ' +
        'does not contain them)',
    ],
    [
      'a key with nothing in it',
      [],
      [{ data: { accessKey: {} } }],
      'the attack sequence names nobody who can be denied:  (Cordon reports findings about , and ' +
        'does not contain them)',
    ],
    [
      'two of another account',
      [],
      [
        { accountId: '999988887777', data: { accessKey: aUser } },
        { accountId: '444455556666', data: { accessKey: aUser } },
      ],
      'the attack sequence names nobody who can be denied: deploy (it acted in account ' +
        '999988887777), deploy (it acted in account 444455556666)',
    ],
    [
      'a credential of another account',
      [],
      [{ accountId: '999988887777', data: { accessKey: aUser } }],
      'the attack sequence names nobody who can be denied: deploy (it acted in account ' +
        '999988887777)',
    ],
  ])('of %s is told', (_what, actors, resources, cannot) => {
    const event = attackSequence([], resources);
    const { sequence } = event.detail.service.detection;
    const detection = { sequence: { ...sequence, actors } };
    const service = { ...event.detail.service, detection };
    expect(named({ ...event, detail: { ...event.detail, service } })).toEqual({ cannot });
  });
});

it('a finding about anything else is told, with what it is about', () => {
  const event = lambdaFinding();
  const resource = { resourceType: 'S3Bucket' };
  expect(named({ ...event, detail: { ...event.detail, resource } })).toEqual({
    cannot: 'Cordon reports findings about S3Bucket, and does not contain them',
  });
});

it.each<[Named, string]>([
  [{ kind: 'user', userName: 'deploy', claimed: { userId } }, 'user deploy'],
  [
    {
      kind: 'session',
      roleName: 'ci',
      sessionName: 'build',
      region: 'eu-west-1',
      since: null,
      claimed: { roleId },
    },
    'session build of role ci',
  ],
  [
    {
      kind: 'session',
      roleName: 'ci',
      sessionName: null,
      region: 'eu-west-1',
      since: null,
      claimed: { roleId },
    },
    'role ci',
  ],
  [
    {
      kind: 'function',
      functionName: 'orders',
      roleName: 'orders-role',
      region: 'eu-west-1',
      isThere: true,
      since: null,
      claimed: {},
    },
    'function orders',
  ],
])('%j is called %s', (identity, name) => expect(namesOf(identity)).toBe(name));
