import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import type { Settings } from '../../../../responders/decide/settings.ts';
import { openHolds } from '../../../../responders/incident/open-holds.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { suspectsOf } from '../../../../responders/incident/suspect.ts';
import { accountId, aRole, aUser, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { attackSequence, stolenKey } from '../../../support/fakes/findings.ts';

const idOf = (number: number): string => `AIDAEXAMPLEEXAMPLE${String(number).padStart(2, '0')}`;
const userActor = (number: number, over: object = {}) => ({
  name: `u${number}`,
  uid: idOf(number),
  type: 'IAMUser',
  account: { uid: accountId },
  ...over,
});
const sessionActor = (roleName: string, principalId: string) => ({
  name: roleName,
  uid: principalId,
  type: 'AssumedRole',
});

/** An account with so many users, the function `orders`, and a role of instances. */
const account = (users: number, settings: Partial<Settings> = {}) => {
  const world = aWorld({
    users: new Map(
      Array.from({ length: users }, (_, index) => [
        `u${index + 1}`,
        aUser({ id: idOf(index + 1) }),
      ]),
    ),
  });
  const trust = '{"Statement":{"Principal":{"Service":"ec2.amazonaws.com"}}}';
  world.roles.set('web-role', aRole({ id: 'AROAEXAMPLEEXAMPLE09', trust }));
  const known = fakeDeps(world, settings);
  const isDenied = (name: string) => world.users.get(name)?.attached.has(quarantine.user);
  const contain = (actors: readonly object[], resources: readonly object[] = []) =>
    containFinding(
      { event: attackSequence(actors, resources), execution: 'e', drill: false },
      known.deps,
    );
  return { ...known, world, isDenied, contain };
};

const instance = sessionActor('web-role', 'AROAEXAMPLEEXAMPLE09:i-0123456789abcdef0');
const lambda = sessionActor('orders-role', 'AROAEXAMPLEEXAMPLE01:orders');

describe('an attack sequence', () => {
  it('has everybody contained whom it names, in one incident, each once', async () => {
    const { deps, world, contain, isDenied } = account(2);
    const key = { principalId: idOf(2), userName: 'u2', userType: 'IAMUser' };

    const { state, incidentId } = await contain(
      [userActor(1), userActor(1, { credentialUid: 'AKIAEXAMPLEEXAMPLE02' }), lambda, instance],
      [{ resourceType: 'ACCESS_KEY', accountId, data: { accessKey: key } }],
    );

    expect(state).toBe('contained');
    expect([isDenied('u1'), isDenied('u2')]).toEqual([true, true]);
    expect(world.functions.get('orders')?.reserved).toBe(0);
    expect([...(world.roles.get('web-role')?.tags ?? [])]).toContainEqual([
      'cordon-quarantined-1',
      'i-0123456789abcdef0',
    ]);
    const incident = await readCase(deps.table, incidentId);
    expect(suspectsOf(incident.head).map(({ kind }) => kind)).toEqual([
      'user',
      'function',
      'session',
      'user',
    ]);
    expect(incident.actions.filter(({ responder }) => responder === 'contain.deny-user')).toEqual([
      expect.objectContaining({ target: 'u1' }),
      expect.objectContaining({ target: 'u2' }),
    ]);
    const [hold] = await openHolds(deps.table);
    expect(hold?.users).toEqual(['u1', 'u2']);
  });

  it('is watched and released as a whole', async () => {
    const { deps, world, contain, isDenied } = account(2);
    const before = structuredClone(world);
    const { incidentId } = await contain([userActor(1), userActor(2)]);
    world.users.get('u2')?.attached.delete(quarantine.user);

    expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contested' });
    expect(isDenied('u2')).toBe(true);

    const asked = { incidentId, by: 'anna', reason: 'clean', letSessionsLive: false };
    expect((await release(asked, deps)).released).toBe(true);
    expect(world).toEqual(before);
  });

  it('shares a user with another finding, and the user is denied until both are released', async () => {
    const { deps, contain, isDenied } = account(1);
    const other = await containFinding(
      { event: stolenKey({ userName: 'u1', principalId: idOf(1) }), execution: 'f', drill: false },
      deps,
    );
    const { incidentId } = await contain([userActor(1)]);
    const asked = { by: 'anna', reason: 'clean', letSessionsLive: false };

    await release({ ...asked, incidentId }, deps);
    expect(isDenied('u1')).toBe(true);
    await release({ ...asked, incidentId: other.incidentId }, deps);
    expect(isDenied('u1')).toBe(false);
  });

  it.each([
    ['a person', userActor(2), /user u2 \(user u2 has a console password/],
    [
      'the root user',
      { name: 'root', uid: accountId, type: 'Root' },
      /root \(nothing can be denied/,
    ],
    ['a service', { name: 'ec2', uid: 'x', type: 'AWSService' }, /a service of AWS/],
    ['another account', userActor(1, { account: { uid: '999988887777' } }), /account 999988887777/],
    ['somebody who is gone', userActor(3), /user u3 \(it no longer exists\)/],
    ['an impostor', userActor(1, { uid: idOf(7) }), /user id is not that of u1/],
  ])('does not wait for an answer about %s among others', async (_who, actor, left) => {
    const { world, contain, isDenied } = account(2);
    const person = world.users.get('u2');
    if (person) person.hasPassword = true;

    const { state, decision } = await contain([actor, userActor(1)]);

    expect(state).toBe('contained');
    expect(decision.reason).toMatch(left);
    expect([isDenied('u1'), isDenied('u2')]).toEqual([true, false]);
  });

  it('leaves somebody on the never-contain list alone, and contains the others', async () => {
    const neverContain = [{ arn: '*:user/u2', because: 'the way back in' }];
    const { contain, isDenied } = account(2, { neverContain });

    const { decision } = await contain([userActor(1), userActor(2)]);

    expect(decision.kind).toBe('contain');
    expect(decision.reason).toContain('not contained: user u2 (the way back in)');
    expect([isDenied('u1'), isDenied('u2')]).toEqual([true, false]);
  });

  it('of one is contained as a finding about this one is', async () => {
    const { contain, isDenied, deps } = account(2);

    const { state, incidentId } = await contain([userActor(1)]);

    expect([state, isDenied('u1'), isDenied('u2')]).toEqual(['contained', true, false]);
    const { head } = await readCase(deps.table, incidentId);
    expect(suspectsOf(head)).toMatchObject([{ kind: 'user', userName: 'u1' }]);
    expect(head.decision.reason).toMatch(/the user is proven by its id$/);
  });

  it.each([
    [6, /names 6 identities, more than the 5 that are contained without a question/],
    [60, /names 60 identities.*not contained: user u11, user u12,/],
  ])('of %i asks a person', async (count, reason) => {
    const { contain, isDenied } = account(count);
    const actors = Array.from({ length: count }, (_, index) => userActor(index + 1));

    const { decision } = await contain(actors);

    expect(decision.kind).toBe('ask');
    expect(decision.reason).toMatch(reason);
    expect(isDenied('u1')).toBe(false);
  });

  it.each([
    ['nobody', []],
    ['nobody who has credentials', [{ ...userActor(1), type: 'Root' }]],
  ])('that names %s is told', async (_who, actors) => {
    const { contain } = account(1);
    const { decision } = await contain(actors);
    expect(decision).toMatchObject({
      kind: 'notify',
      reason: expect.stringMatching(/^the attack sequence names no/),
    });
  });
});
