import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { denialDocument, denialName } from '../../../../responders/incident/denied-sessions.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import {
  aFunction,
  aRole,
  aWorld,
  type FakeRole,
  quarantine,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { stolenSession } from '../../../support/fakes/findings.ts';

const id = 'AROAEXAMPLEEXAMPLE09';
const instance = 'i-0123456789abcdef0';
const trustOf = (Principal: object, Condition: object = {}): string =>
  JSON.stringify({
    Statement: { Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition },
  });
const ofEc2 = trustOf({ Service: 'ec2.amazonaws.com' });
const oidc = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.example/id/X';
const ofPod = (subjects: unknown, operator = 'StringEquals'): string =>
  trustOf({ Federated: oidc }, { [operator]: { 'oidc.eks.example/id/X:sub': subjects } });
const shopPod = 'system:serviceaccount:shop:orders';

const withRole = (trust: string, over: Partial<FakeRole> = {}) => {
  const world = aWorld();
  world.roles.set('web-role', aRole({ id, trust, ...over }));
  const known = fakeDeps(world);
  const role = () => {
    const now = known.account.world.roles.get('web-role');
    if (!now) throw new Error('the role is gone');
    return now;
  };
  return { ...known, role };
};
const contain = (
  deps: Parameters<typeof containFinding>[1],
  session: string | null = instance,
  roleName = 'web-role',
) => {
  const event = stolenSession(session === null ? id : `${id}:${session}`, roleName);
  return containFinding({ event, execution: 'e', drill: false }, deps);
};

const slotsIn = ({ tags }: FakeRole) =>
  [...tags].filter(([key]) => key.startsWith('cordon-quarantined-')).map(([, value]) => value);

describe('a session of a role that is not one of a function', () => {
  it.each([
    ['an instance', instance, ofEc2],
    ['a task', '0123456789abcdef0123456789abcdef', trustOf({ Service: 'ecs-tasks.amazonaws.com' })],
    [
      'a pod of EKS Pod Identity',
      'eks-shop-orders-1',
      trustOf({ Service: 'pods.eks.amazonaws.com' }),
    ],
    ['a pod whose role admits two', 'botocore-session-1', ofPod([shopPod, `${shopPod}-2`])],
    ['a pod whose role admits a pattern', 'botocore-session-1', ofPod('system:*', 'StringLike')],
    ['a pipeline', 'build@example.org', trustOf({ AWS: 'arn:aws:iam::111122223333:root' })],
  ])('of %s is denied by its name', async (_what, session, trust) => {
    const { deps, role } = withRole(trust);

    const { state, incidentId } = await contain(deps, session);

    expect(state).toBe('contained');
    expect([...role().attached]).toContain(quarantine.function);
    expect([...role().attached]).not.toContain(quarantine.role);
    expect(slotsIn(role())).toEqual([session]);
    const { head, actions } = await readCase(deps.table, incidentId);
    expect(head.suspect).toEqual({
      kind: 'session',
      roleName: 'web-role',
      roleId: id,
      sessionName: session,
    });
    expect(actions.map(({ responder }) => responder)).toEqual(['contain.quarantine-session']);
  });

  it('of a pod that has its role alone is denied with the role', async () => {
    const { deps, role } = withRole(ofPod(shopPod));

    const { state, incidentId } = await contain(deps, 'botocore-session-1');

    expect(state).toBe('contained');
    expect([...role().attached]).toContain(quarantine.role);
    const { suspect } = (await readCase(deps.table, incidentId)).head;
    expect(suspect).toEqual({ kind: 'role', roleName: 'web-role', roleId: id });
  });

  it('touches no function that happens to have its name', async () => {
    const { deps, account } = withRole(ofEc2);
    account.world.functions.set(instance, aFunction({ role: 'orders-role' }));
    const before = structuredClone(account.world.functions);

    expect((await contain(deps)).state).toBe('contained');

    expect(account.world.functions).toEqual(before);
  });

  it('is released exactly, and its earlier sessions stay denied', async () => {
    const { deps, role, clock } = withRole(ofEc2);
    const before = structuredClone(role());
    const { incidentId } = await contain(deps);
    const asked = { incidentId, by: 'anna', reason: 'replaced', letSessionsLive: false };
    await expect(release(asked, deps)).rejects.toMatchObject({ name: 'SessionsLiveError' });

    const document = denialDocument({ sessionName: instance, before: clock.at });
    role().inline.set(denialName(instance), document);
    expect((await release(asked, deps)).released).toBe(true);
    expect(role()).toEqual({ ...before, inline: role().inline });
  });

  it('two sessions of one role are released one by one', async () => {
    const { deps, role } = withRole(ofEc2);
    const first = await contain(deps);
    const event = stolenSession(`${id}:i-0fedcba9876543210`, 'web-role');
    const other = { ...event, detail: { ...event.detail, id: 'f2' } };
    await containFinding({ event: other, execution: 'e2', drill: false }, deps);
    expect(slotsIn(role())).toEqual([instance, 'i-0fedcba9876543210']);

    const asked = { incidentId: first.incidentId, by: 'anna', reason: 'replaced' };
    await release({ ...asked, letSessionsLive: true }, deps);

    expect(slotsIn(role())).toEqual(['i-0fedcba9876543210']);
    expect([...role().attached]).toContain(quarantine.function);
  });
});

describe('a person decides', () => {
  const saml = trustOf({ Federated: 'arn:aws:iam::111122223333:saml-provider/corp' });

  it.each<[string, string, string | null, RegExp]>([
    ['a role of people', saml, 'anna@example.org', /people sign in with role web-role/],
    ['a session without a name', ofEc2, null, /no name that could be denied alone/],
    ['a name that no tag can hold', ofEc2, 'a,b', /a yes denies role web-role/],
  ])('about %s', async (_what, trust, session, reason) => {
    const { deps, role } = withRole(trust);
    const before = structuredClone(role());

    const { decision } = await contain(deps, session);

    expect(decision.kind).toBe('ask');
    expect(decision.reason).toMatch(reason);
    expect(role()).toEqual(before);
  });

  it('about a role that was made again under the same name', async () => {
    const { deps } = withRole(ofEc2, { id: 'AROAANOTHERANOTHER99' });
    expect((await contain(deps)).decision).toMatchObject({ kind: 'ask' });
  });
});

it('a role of Identity Center is told, because AWS refuses to change it', async () => {
  const world = aWorld();
  const path = '/aws-reserved/sso.amazonaws.com/';
  world.roles.set('AWSReservedSSO_Admin_1', aRole({ id, path, trust: ofEc2 }));
  const { deps } = fakeDeps(world);

  const { decision } = await contain(deps, 'anna', 'AWSReservedSSO_Admin_1');

  expect(decision.kind).toBe('notify');
  expect(decision.reason).toContain('contain the user there');
});
