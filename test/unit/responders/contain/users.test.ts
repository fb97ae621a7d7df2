import { AttachUserPolicyCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../../cli/schemas/show.ts';
import { incidentView } from '../../../../operator/incident-view.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import type { Settings } from '../../../../responders/decide/settings.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { aUser, aWorld, type FakeUser, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { stolenKey } from '../../../support/fakes/findings.ts';

const [old, second, made] = [1, 2, 3].map((number) => `AKIAEXAMPLEEXAMPLE0${number}`);

const withUser = (over: Partial<FakeUser> = {}, settings: Partial<Settings> = {}) => {
  const known = fakeDeps(aWorld({ users: new Map([['deploy', aUser(over)]]) }), settings);
  const user = () => {
    const now = known.account.world.users.get('deploy');
    if (!now) throw new Error('the user is gone');
    return now;
  };
  return { ...known, user };
};

const contain = (deps: Parameters<typeof containFinding>[1], event: unknown, drill = false) =>
  containFinding({ event, execution: 'e', drill }, deps);
const releaseOf = (incidentId: string) => ({
  incidentId,
  by: 'anna',
  reason: 'keys rotated',
  letSessionsLive: false,
});

describe('a finding about the key of a user', () => {
  it('denies the user, deactivates its keys, and names the user in the case', async () => {
    const { deps, user } = withUser();

    const { state, incidentId, decision } = await contain(deps, stolenKey());

    expect({ state, kind: decision.kind }).toEqual({ state: 'contained', kind: 'contain' });
    expect([...user().attached]).toContain(quarantine.user);
    expect([...user().keys.values()]).toEqual(['Inactive']);
    const { head, actions } = await readCase(deps.table, incidentId);
    expect(head.suspect).toEqual({
      kind: 'user',
      userName: 'deploy',
      userId: aUser().id,
      arn: 'arn:aws:iam::111122223333:user/deploy',
    });
    expect(actions.map(({ responder, target }) => `${responder} ${target}`).sort()).toEqual([
      'contain.deactivate-access-keys deploy',
      'contain.deny-user deploy',
    ]);
  });

  it('is shown with its name, beside the function that there is not', async () => {
    const { deps } = withUser();
    const { incidentId } = await contain(deps, stolenKey());
    const incident = await readCase(deps.table, incidentId);

    const view = incidentView(incident, { mask: (text) => text, bucket: 'evidence' });

    expect(schema.safeParse(JSON.parse(JSON.stringify(view))).error).toBeUndefined();
    expect(view).toMatchObject({ suspect: null, suspects: [{ kind: 'user', names: ['deploy'] }] });
  });

  it.each<[string, Record<string, 'Active' | 'Inactive'>]>([
    ['no key', {}],
    ['two keys', { [String(old)]: 'Active', [String(second)]: 'Active' }],
    ['one that was inactive', { [String(old)]: 'Inactive', [String(second)]: 'Active' }],
  ])('a release restores a user with %s exactly', async (_what, keys) => {
    const { deps, user } = withUser({ keys: new Map(Object.entries(keys)) });
    const before = structuredClone(user());

    const { incidentId, state } = await contain(deps, stolenKey());
    expect(state).toBe('contained');
    expect([...user().keys.values()].every((status) => status === 'Inactive')).toBe(true);

    expect((await release(releaseOf(incidentId), deps)).released).toBe(true);
    expect(user()).toEqual(before);
  });

  it('a key that was deleted meanwhile needs no restoring', async () => {
    const keys = new Map([
      [String(old), 'Active' as const],
      [String(second), 'Active' as const],
    ]);
    const { deps, user } = withUser({ keys });
    const { incidentId } = await contain(deps, stolenKey());
    user().keys.delete(String(old));

    expect((await release(releaseOf(incidentId), deps)).released).toBe(true);
    expect([...user().keys]).toEqual([[second, 'Active']]);
  });

  it('a user that is deleted before the changes counts as contained', async () => {
    const { deps, account } = withUser();
    account.iam.on(AttachUserPolicyCommand).callsFake(() => {
      account.world.users.delete('deploy');
      throw Object.assign(new Error('gone'), { name: 'NoSuchEntityException' });
    });

    const { incidentId } = await contain(deps, stolenKey());

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });
    expect(account.world.users.size).toBe(0);
  });

  it('a user that was deleted since needs no putting back', async () => {
    const { deps, account } = withUser();
    const { incidentId } = await contain(deps, stolenKey());
    account.world.users.delete('deploy');

    const { released, actions } = await release(releaseOf(incidentId), deps);

    expect(released).toBe(true);
    expect(new Set(actions.map(({ reason }) => reason))).toEqual(
      new Set(['it does not exist any more: there is nothing to put back']),
    );
    expect(account.world.users.size).toBe(0);
  });

  it('a key that was made since is deactivated by the watch, noted, and stays inactive', async () => {
    const { deps, user } = withUser();
    const { incidentId } = await contain(deps, stolenKey());
    user().keys.set(String(made), 'Active');

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contested' });
    expect(user().keys.get(String(made))).toBe('Inactive');

    const { released, actions } = await release(releaseOf(incidentId), deps);
    expect(released).toBe(true);
    expect([...user().keys]).toEqual([
      [old, 'Active'],
      [made, 'Inactive'],
    ]);
    const keys = actions.find(({ responder }) => responder === 'contain.deactivate-access-keys');
    expect(keys?.reason).toContain(made);
  });

  it('a policy that somebody detached is attached again', async () => {
    const { deps, user } = withUser();
    const { incidentId } = await contain(deps, stolenKey());
    user().attached.delete(quarantine.user);

    expect((await watch(incidentId, deps)).state).toBe('contested');
    expect([...user().attached]).toContain(quarantine.user);
  });

  it('a user that was deleted and made again is denied too, and reported once as another', async () => {
    const { deps, account, user } = withUser();
    const { incidentId } = await contain(deps, stolenKey());
    const id = 'AIDAEXAMPLEEXAMPLE99';
    account.world.users.set('deploy', aUser({ id }));

    await watch(incidentId, deps);
    await watch(incidentId, deps);

    expect([...user().attached]).toContain(quarantine.user);
    const incident = await readCase(deps.table, incidentId);
    const told = incident.drifts.flatMap(({ changes }) => changes);
    expect(told.filter((change) => change.startsWith('user '))).toEqual([
      `user deploy, deleted and made again (${id}, before ${aUser().id})`,
    ]);
    expect(incident.head.state).toBe('contested');
  });
});

describe('a person decides', () => {
  it('about a user with a console password, and a yes contains the user', async () => {
    const { deps, user } = withUser({ hasPassword: true });
    const before = structuredClone(user());

    const { decision } = await contain(deps, stolenKey());

    expect(decision.kind).toBe('ask');
    expect(decision.reason).toContain('user deploy has a console password');
    expect(user()).toEqual(before);
  });

  it('about a user that was made again under the same name', async () => {
    const { deps, user } = withUser({ id: 'AIDAANOTHERANOTHER99' });
    const before = structuredClone(user());

    const { decision } = await contain(deps, stolenKey());

    expect(decision).toMatchObject({ kind: 'ask' });
    expect(decision.reason).toContain('the finding’s user id is not that of deploy');
    expect(user()).toEqual(before);
  });
});

describe('nothing is changed', () => {
  it('of a user on the never-contain list', async () => {
    const arn = 'arn:aws:iam::111122223333:user/dep*';
    const { deps, user } = withUser({}, { neverContain: [{ arn, because: 'a way back in' }] });
    const before = structuredClone(user());

    expect((await contain(deps, stolenKey())).decision).toEqual({
      kind: 'notify',
      reason: 'never contained: a way back in',
    });
    expect(user()).toEqual(before);
  });

  it('where the user is gone', async () => {
    const { deps } = fakeDeps(aWorld({ users: new Map() }));
    expect((await contain(deps, stolenKey())).decision).toEqual({
      kind: 'notify',
      reason: 'nothing is left to contain: the user no longer exists',
    });
  });

  it('by a drill about a user that is not tagged for drills', async () => {
    const { deps, user } = withUser({ tags: new Map() });
    const before = structuredClone(user());

    expect((await contain(deps, stolenKey(), true)).decision.kind).toBe('notify');
    expect(user()).toEqual(before);
  });

  it.each([
    ['Root', /^nothing can be denied to the root user: change its password/],
    ['FederatedUser', /find it in CloudTrail \(GetFederationToken\)/],
    ['AWSAccount', /another account/],
    ['AWSService', /a service of AWS/],
    ['Unheard', /does not contain them$/],
  ])('for %s, and a person is told what to do', async (userType, reason) => {
    const { deps } = withUser();
    const { decision } = await contain(deps, stolenKey({ userType }));
    expect(decision.kind).toBe('notify');
    expect(decision.reason).toMatch(reason);
  });

  it.each([
    ['a name with a wildcard', { userName: 'dep*' }],
    ['no id of a user', { principalId: 'AROAEXAMPLEEXAMPLE01' }],
  ])('for %s', async (_what, over) => {
    const { deps } = withUser();
    expect((await contain(deps, stolenKey(over))).decision.kind).toBe('notify');
  });
});
