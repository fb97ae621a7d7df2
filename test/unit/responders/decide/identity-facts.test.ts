import { GetLoginProfileCommand, GetUserCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { kinds, possibleSuspects } from '../../../../responders/decide/kinds.ts';
import { sessionFacts } from '../../../../responders/decide/session-kind.ts';
import type { Named, NamedRoleSession } from '../../../../responders/finding/identify.ts';
import { aUser, aWorld, fakeAccount } from '../../../support/fakes/account.ts';
import { ok, roleFacts } from '../../../support/responders/decide/input.ts';

const deadlines = { factsMs: 60_000, neighboursMs: 60_000 };
const denied = Object.assign(new Error('no'), { name: 'AccessDenied' });

describe('a user', () => {
  const named: Named = { kind: 'user', userName: 'deploy', claimed: { userId: 'AIDA1' } };
  const factsOf = (world = aWorld({ users: new Map([['deploy', aUser({ id: 'AIDA1' })]]) })) => {
    const account = fakeAccount(world);
    const read = () =>
      kinds
        .map((kind) => kind.facts(named, account.aws, deadlines))
        .find((facts) => facts !== undefined);
    return { ...account, read };
  };

  it('is proven by its id, asks where it has a password, and contradicts with another id', async () => {
    const { read, world } = factsOf();
    expect((await read())?.confirmed).toEqual({
      suspect: {
        kind: 'user',
        userName: 'deploy',
        arn: 'arn:aws:iam::111122223333:user/deploy',
        userId: 'AIDA1',
      },
      arns: ['arn:aws:iam::111122223333:user/deploy'],
      tags: [{ 'cordon:drill': 'allowed' }],
      parts: 'user',
      contradiction: null,
      proof: 'the user is proven by its id',
    });
    world.users.set('deploy', aUser({ id: 'AIDA2', hasPassword: true }));
    expect((await read())?.confirmed).toMatchObject({
      contradiction:
        'the finding’s user id is not that of deploy: the user may have been deleted and made again',
      asks: 'user deploy has a console password, so it may be a person',
    });
  });

  it('that is gone is not asked for its password; one that cannot be read is not confirmed', async () => {
    const { read, world, iam } = factsOf();
    iam.on(GetLoginProfileCommand).rejects(denied);
    expect(await read()).toMatchObject({
      reads: { user: { ok: true }, 'console password': { ok: false, missing: false } },
      confirmed: null,
    });
    world.users.delete('deploy');
    const gone = await read();
    expect(Object.keys(gone?.reads ?? {})).toEqual(['user']);
    expect(gone?.confirmed).toBeNull();
    iam.on(GetUserCommand).rejects(denied);
    expect(Object.keys((await read())?.reads ?? {})).toEqual(['user', 'console password']);
  });

  it('of which AWS says nothing has no name and no tags', async () => {
    const { read, iam } = factsOf();
    iam.on(GetUserCommand).resolves({});
    expect((await read())?.confirmed).toMatchObject({ arns: [''], tags: [{}] });
    iam.on(GetUserCommand).resolves({ User: { Tags: [{}] } as never });
    expect((await read())?.confirmed).toMatchObject({ tags: [{ '': '' }] });
  });

  it('is what its name may stand for, and no other kind', () => {
    expect(possibleSuspects(named, { further: new Map() })).toEqual([
      { kind: 'user', userName: 'deploy' },
    ]);
  });
});

describe('a session', () => {
  const session = (over: Partial<NamedRoleSession> = {}): NamedRoleSession => ({
    ...{ kind: 'session', roleName: 'web-role', sessionName: 'i-1', region: 'eu-west-1' },
    since: null,
    claimed: { roleId: 'AROAEXAMPLEEXAMPLE01' },
    ...over,
  });
  const confirmed = (over: Partial<NamedRoleSession>, role: Parameters<typeof roleFacts>[0]) =>
    sessionFacts(session(over), { role: ok(roleFacts({ admitsLambda: false, ...role })) })
      .confirmed;

  it.each<[string, Partial<NamedRoleSession>, Parameters<typeof roleFacts>[0], object]>([
    [
      'with a name is denied alone',
      {},
      {},
      { suspect: { kind: 'session', sessionName: 'i-1' }, proof: 'the role is proven by its id' },
    ],
    [
      'of one pod is denied with the role',
      {},
      { usedBy: 'pod' },
      {
        suspect: { kind: 'role' },
        proof: 'the role is proven by its id, and one service account alone may assume it',
      },
    ],
    ['of people asks', {}, { usedBy: 'people' }, { asks: 'people sign in with role web-role' }],
    [
      'without a name asks about the role',
      { sessionName: null },
      {},
      {
        suspect: { kind: 'role' },
        asks: 'the session has no name that could be denied alone, and a yes denies role web-role',
      },
    ],
    [
      'with a comma in its name asks about the role',
      { sessionName: 'a,b' },
      {},
      { suspect: { kind: 'role' }, asks: expect.stringContaining('a yes denies role') },
    ],
    [
      'without a name, of one pod, asks nobody',
      { sessionName: null },
      { usedBy: 'pod' },
      { suspect: { kind: 'role' } },
    ],
  ])('%s', (_what, over, role, expected) => {
    const known = confirmed(over, role);
    expect(known).toMatchObject(expected);
    if (!('asks' in expected)) expect(known).not.toHaveProperty('asks');
  });

  it('may be a function’s where its name can be one, and the role admits functions', async () => {
    expect(possibleSuspects(session(), { further: new Map() }).map(({ kind }) => kind)).toEqual([
      'function',
      'function',
      'session',
      'role',
    ]);
    expect(
      possibleSuspects(session({ sessionName: 'a.b' }), { further: new Map() }).map(
        ({ kind }) => kind,
      ),
    ).toEqual(['session', 'role']);
    expect(
      possibleSuspects(session({ sessionName: null }), { further: new Map() }).map(
        ({ kind }) => kind,
      ),
    ).toEqual(['role']);
  });
});
