import { describe, expect, it } from 'vitest';
import { widen } from '../../../../responders/timeline/circle.ts';
import { callerArn, whoseIs } from '../../../../responders/timeline/who.ts';
import fc from '../../../support/property.ts';
import {
  account,
  call,
  ownRole,
  region,
  start,
} from '../../../support/responders/timeline/records.ts';

const whose = (made: Parameters<typeof call>[0]) => whoseIs(call(made), start().wanted);

describe('the suspect is the session of this function and of no other', () => {
  it.each([
    ['its own session', {}],
    ['a role below a path', { path: '/team/app/' }],
    ['from another region', { region: 'us-east-1' }],
  ])('%s', (_name, made) => expect(whose(made)).toBe('suspect'));

  it.each([
    ['the same session name in another role', { role: 'billing-role' }],
    ['a longer role name', { role: 'orders-role-2' }],
    ['a shorter role name', { role: 'orders' }],
    ['a neighbour on the same role', { sessionName: 'orders-neighbour' }],
    ['the same names in another account', { account: '999988887777' }],
    ['a user of the session’s name', { user: 'orders' }],
    ['other letters', { role: 'Orders-Role' }],
  ])('%s is not', (_name, made) => expect(whose(made)).toBeUndefined());

  it('no generated stranger is', () => {
    const name = fc.stringMatching(/^[\w+=,.@-]{1,30}$/);
    fc.assert(
      fc.property(name, name, (role, sessionName) => {
        fc.pre(role !== 'orders-role' || sessionName !== 'orders');
        expect(whose({ role, sessionName })).toBeUndefined();
      }),
    );
  });
});

describe('the suspect may be a user', () => {
  const arn = callerArn('aws', account, {
    kind: 'user',
    userName: 'deploy',
    arn: `arn:aws:iam::${account}:user/deploy`,
  });
  const { wanted } = start();
  const ofUser = (made: Parameters<typeof call>[0]) =>
    whoseIs(call(made), { ...wanted, suspects: [{ session: arn, role: null, region }] });

  it('its calls are the suspect’s', () => expect(ofUser({ user: 'deploy' })).toBe('suspect'));

  it.each([
    ['another user', { user: 'deploy-2' }],
    ['a user of another account', { user: 'deploy', account: '999988887777' }],
    ['a session of its name', { role: 'any-role', sessionName: 'deploy' }],
  ])('%s is not', (_name, made) => expect(ofUser(made)).toBeUndefined());
});

it('Cordon’s calls are those of its own roles, not of one that is called like it', () => {
  expect(whose({ role: 'Contain', path: '/cordon/', sessionName: 'ContainmentLambda' })).toBe(
    'cordon',
  );
  expect(
    whose({ role: 'Contain', path: '/cordon/x/', sessionName: 'ContainmentLambda' }),
  ).toBeUndefined();
  expect(ownRole).toContain(account);
});

describe('following', () => {
  const key = (accessKeyId: string) => ({ credentials: { accessKeyId } });
  const assume = (made: object, role: string, accessKeyId: string) =>
    call({
      service: 'sts',
      name: 'AssumeRole',
      parameters: { roleArn: `arn:aws:iam::${account}:role/${role}` },
      answer: {
        assumedRoleUser: { arn: `arn:aws:sts::${account}:assumed-role/${role}/hop` },
        ...key(accessKeyId),
      },
      ...made,
    });
  const hop = { role: 'admin', sessionName: 'hop', key: 'ASIAHOP' };

  it('a role that was assumed, the key for it, and what that session made', () => {
    const calls = [
      assume({}, 'admin', 'ASIAHOP'),
      call({
        ...hop,
        service: 'iam',
        name: 'CreateUser',
        parameters: { userName: 'eve' },
        answer: { user: { arn: `arn:aws:iam::${account}:user/eve` } },
      }),
      call({
        ...hop,
        service: 'iam',
        name: 'CreateAccessKey',
        parameters: { userName: 'eve' },
        answer: { accessKey: { accessKeyId: 'AKIAEVE' } },
      }),
    ];

    const { followed: found, wanted } = widen(widen(start(), calls), calls);

    expect(found.map(({ kind, who }) => `${kind} ${who.split(':').at(-1)}`)).toEqual([
      'role session assumed-role/admin/hop',
      'access key ASIAHOP',
      'user user/eve',
      'access key AKIAEVE',
    ]);
    expect(whoseIs(call({ user: 'eve', key: 'AKIAEVE' }), wanted)).toBe('followed');
    expect(whoseIs(call({ user: 'evelyn', key: 'AKIAELSE' }), wanted)).toBeUndefined();
  });

  it('goes into a role once: a second hop is told as an event and not followed', () => {
    const calls = [assume({}, 'admin', 'ASIAHOP'), assume(hop, 'further', 'ASIAFAR')];
    expect([...widen(widen(start(), calls), calls).wanted.keys]).toEqual(['ASIAHOP']);
  });

  it('what was refused leads nowhere', () => {
    expect(
      widen(start(), [assume({ error: 'AccessDenied' }, 'admin', 'ASIAHOP')]).followed,
    ).toEqual([]);
  });

  it('is bounded', () => {
    const calls = Array.from({ length: 500 }, (_, index) =>
      assume({}, `role-${index}`, `ASIA${index}`),
    );
    expect(widen(start(), calls).followed).toHaveLength(100);
  });
});
