import { beforeEach, describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import {
  aFunction,
  aRole,
  aWorld,
  quarantine,
  roleArn,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

/** The finding's activity began at 09:59:00. */
const [earlier, since] = ['2026-11-20T00:00:00.000+0000', '2026-11-21T09:59:30.000+0000'];

const withNeighbour = (changed: string, over: Parameters<typeof aRole>[0] = {}): World =>
  aWorld({
    roles: new Map([['orders-role', aRole(over)]]),
    functions: new Map([
      ['orders', aFunction()],
      ['neighbour', aFunction({ changed })],
    ]),
  });

const change = (
  eventName: string,
  requestParameters: object,
  { eventTime = '2026-11-21T09:59:30Z', arn = 'arn:aws:iam::111122223333:user/mallory' } = {},
) => ({ eventName, eventTime, userIdentity: { arn }, requestParameters });

const given = (functionName: string, over = {}) =>
  change(
    'CreateFunction20150331',
    { functionName, role: 'arn:aws:iam::111122223333:role/orders-role' },
    over,
  );

const opened = async (world: World, over = {}) => {
  const made = fakeDeps(world, over);
  const arrival = { event: lambdaFinding(), drill: false, execution: 'e1' };
  const { incidentId } = await containFinding(arrival, made.deps);
  const suspect = async () => (await readCase(made.deps.table, incidentId)).head.suspect;
  return { ...made, world, incidentId, suspect, role: world.roles.get('orders-role') };
};

describe('a neighbour that is older than the activity', () => {
  it('shares the role, and keeps working', async () => {
    const { deps, incidentId, suspect, role, world } = await opened(withNeighbour(earlier));
    await watch(incidentId, deps);

    expect(await suspect()).toMatchObject({ sharing: 'shared' });
    expect(role?.attached).not.toContain(quarantine.role);
    expect(world.functions.get('neighbour')?.reserved).toBeUndefined();
  });
});

describe('a neighbour that changed since the activity began', () => {
  let fresh: Awaited<ReturnType<typeof opened>>;
  let untouched: World;
  beforeEach(async () => {
    const world = withNeighbour(since);
    untouched = structuredClone(world);
    fresh = await opened(world);
  });

  it('proves nothing at once: the function is denied, the role not yet', async () => {
    expect(await fresh.suspect()).toMatchObject({ sharing: 'unknown' });
    expect(fresh.role?.attached).toContain(quarantine.function);
    expect(fresh.role?.attached).not.toContain(quarantine.role);
  });

  it('is contained with the whole role once CloudTrail shows that it was given the role', async () => {
    fresh.changes.push(given('neighbour'));

    expect(await watch(fresh.incidentId, fresh.deps)).toMatchObject({
      holds: true,
      state: 'contained',
    });
    expect(await fresh.suspect()).toMatchObject({ sharing: 'sole', added: ['neighbour'] });
    expect(fresh.role?.attached).toContain(quarantine.role);
    expect(fresh.world.functions.get('neighbour')?.reserved).toBe(0);
  });

  it('is restored by the release like the suspect', async () => {
    fresh.changes.push(given('neighbour'));
    await watch(fresh.incidentId, fresh.deps);
    const asked = { by: 'anna', reason: 'clean', letSessionsLive: true };
    await release({ incidentId: fresh.incidentId, ...asked }, fresh.deps);

    expect(fresh.world).toEqual(untouched);
  });

  it('stays unknown while CloudTrail may not have recorded the change yet', async () => {
    await watch(fresh.incidentId, fresh.deps);
    expect(await fresh.suspect()).toMatchObject({ sharing: 'unknown' });
  });

  it('is a neighbour after all when CloudTrail has recorded everything, and no new role', async () => {
    fresh.clock.at += 3_600_000;
    await watch(fresh.incidentId, fresh.deps);

    expect(await fresh.suspect()).toMatchObject({ sharing: 'shared' });
    expect(fresh.world.functions.get('neighbour')?.reserved).toBeUndefined();
  });

  it('is not contained when it was given the role before the activity, by somebody else', async () => {
    fresh.clock.at += 3_600_000;
    fresh.changes.push(given('neighbour', { eventTime: '2026-11-21T09:00:00Z' }));
    await watch(fresh.incidentId, fresh.deps);

    expect(await fresh.suspect()).toMatchObject({ sharing: 'shared' });
  });

  it('is contained when the suspect’s own session gave it the role, at any time', async () => {
    const arn = 'arn:aws:sts::111122223333:assumed-role/orders-role/orders';
    fresh.changes.push(given('neighbour', { eventTime: '2026-11-21T09:00:00Z', arn }));
    await watch(fresh.incidentId, fresh.deps);

    expect(await fresh.suspect()).toMatchObject({ sharing: 'sole', added: ['neighbour'] });
  });

  it('stays unknown where CloudTrail cannot be read', async () => {
    const readChanges = () => Promise.reject(new Error('Rate exceeded'));
    fresh.clock.at += 3_600_000;
    await watch(fresh.incidentId, { ...fresh.deps, readChanges });

    expect(await fresh.suspect()).toMatchObject({ sharing: 'unknown' });
  });
});

it('a new function of a role that others shared before is denied by a slot of its own', async () => {
  const world = withNeighbour(earlier);
  world.functions.set('implant', aFunction({ changed: since }));
  const { deps, incidentId, changes, role } = await opened(world);
  changes.push(given('implant'));

  expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });
  expect([...(role?.tags.values() ?? [])]).toEqual(expect.arrayContaining(['orders', 'implant']));
  expect(role?.attached).not.toContain(quarantine.role);
  expect(world.functions.get('implant')?.reserved).toBe(0);
  expect(world.functions.get('neighbour')?.reserved).toBeUndefined();
});

it('an exempt function is never contained, whoever gave it the role', async () => {
  const world = withNeighbour(since);
  const neverContain = [{ arn: 'arn:aws:lambda:*:*:function:neighbour', because: 'it must run' }];
  const { deps, incidentId, changes, suspect } = await opened(world, { neverContain });
  changes.push(given('neighbour'));
  await watch(incidentId, deps);

  expect(world.functions.get('neighbour')?.reserved).toBeUndefined();
  expect(await suspect()).not.toHaveProperty('added');
});

describe('a trust policy that admits another principal', () => {
  const trust = JSON.stringify({
    Statement: [
      { Principal: { Service: 'lambda.amazonaws.com' } },
      { Principal: { AWS: 'arn:aws:iam::111122223333:user/mallory' } },
    ],
  });
  const alone = (): World => aWorld({ roles: new Map([['orders-role', aRole({ trust })]]) });

  it('counts as sharing where it is older than the activity', async () => {
    const { deps, incidentId, suspect } = await opened(alone());
    await watch(incidentId, deps);
    expect(await suspect()).toMatchObject({ sharing: 'shared' });
  });

  it('is no sharing when it was changed since: the whole role is denied', async () => {
    const { deps, incidentId, changes, suspect, role } = await opened(alone());
    changes.push(change('UpdateAssumeRolePolicy', { roleName: 'orders-role' }));
    await watch(incidentId, deps);

    expect(await suspect()).toMatchObject({ sharing: 'sole' });
    expect(role?.attached).toContain(quarantine.role);
  });

  it('is older where only the trust policy of another role was changed', async () => {
    const { deps, incidentId, changes, suspect } = await opened(alone());
    changes.push(change('UpdateAssumeRolePolicy', { roleName: 'another-role' }));
    await watch(incidentId, deps);
    expect(await suspect()).toMatchObject({ sharing: 'shared' });
  });
});

describe('the tag cordon:tier=critical', () => {
  const tagged = (): World =>
    aWorld({
      roles: new Map([
        [
          'orders-role',
          aRole({
            tags: new Map([
              ['cordon:tier', 'critical'],
              ['cordon:drill', 'allowed'],
            ]),
          }),
        ],
      ]),
    });
  const decided = async (changes: readonly ReturnType<typeof change>[], over = {}) => {
    const made = fakeDeps(tagged(), over);
    made.changes.push(...changes);
    const arrival = { event: lambdaFinding(), drill: false, execution: 'e1' };
    return (await containFinding(arrival, made.deps)).decision;
  };
  const tags = [{ key: 'cordon:tier', value: 'critical' }];

  it('asks a person where it is older than the activity', async () => {
    const old = { eventTime: '2026-11-21T09:00:00Z' };
    for (const changes of [[], [change('TagRole', { roleName: 'orders-role', tags }, old)]])
      expect(await decided(changes)).toMatchObject({
        kind: 'ask',
        reason: 'it is tagged cordon:tier=critical',
      });
  });

  it('does not count where CloudTrail shows that it was set since', async () => {
    expect(await decided([change('TagRole', { roleName: 'orders-role', tags })])).toMatchObject({
      kind: 'contain',
      reason: expect.stringContaining('younger than the activity'),
    });
  });

  it('counts where another tag, or another role, was changed', async () => {
    const others = [
      change('TagRole', { roleName: 'orders-role', tags: [{ key: 'team', value: 'shop' }] }),
      change('TagRole', { roleName: 'another-role', tags }),
    ];
    expect(await decided(others)).toMatchObject({ kind: 'ask' });
  });

  it('is not needed for what the configuration lists', async () => {
    const criticalTier = [roleArn(tagged(), 'orders-role')];
    const set = [change('TagRole', { roleName: 'orders-role', tags })];
    expect(await decided(set, { criticalTier })).toEqual({
      kind: 'ask',
      reason: 'the configuration lists it as critical',
    });
  });
});
