import { UpdateFunctionUrlConfigCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import {
  aFunction,
  aRole,
  aWorld,
  quarantine,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';

const judged = async (event: unknown, world: World) => {
  const { deps, account } = fakeDeps(world);
  const contained = await containFinding({ event, drill: false, execution: 'e1' }, deps);
  const { actions, head } = await readCase(deps.table, contained.incidentId);
  return { deps, account, contained, head, actions, role: world.roles.get('orders-role') };
};

const withoutFunction = (over: Parameters<typeof aRole>[0] = {}): World =>
  aWorld({ functions: new Map(), roles: new Map([['orders-role', aRole(over)]]) });

const anybody = JSON.stringify({
  Statement: [
    { Principal: { Service: 'lambda.amazonaws.com' } },
    { Principal: { AWS: 'arn:aws:iam::111122223333:root' } },
  ],
});

describe('a function that was deleted before the finding was judged', () => {
  it.each([
    [
      'by the id of the role',
      stolenSession(),
      'no region of this deployment has the function orders',
    ],
    ['by the age of the role', lambdaFinding(), 'the function does not exist any more'],
  ])('leaves its role, which is denied everything: proven %s', async (_how, event, why) => {
    const { contained, head, actions, role } = await judged(event, withoutFunction());

    expect(contained).toMatchObject({ state: 'contained', decision: { kind: 'contain' } });
    expect(contained.decision.reason).toContain(why);
    expect(head.suspect).toMatchObject({ sharing: 'sole', gone: true });
    expect(actions.map(({ responder }) => responder)).toEqual(['contain.quarantine-role']);
    expect(role?.attached).toContain(quarantine.role);
  });

  it('is denied by the name of its session where the role has other users', async () => {
    const { contained, role } = await judged(stolenSession(), withoutFunction({ trust: anybody }));

    expect(contained.state).toBe('contained');
    expect(role?.attached).toContain(quarantine.function);
    expect(role?.tags.get('cordon-quarantined-1')).toBe('orders');
  });

  it.each([
    ['the role is younger than the activity', lambdaFinding(), { created: '2026-11-21T09:59:30Z' }],
    ['the role was made again', stolenSession(), { id: 'AROAEXAMPLEEXAMPLE02' }],
    ['no function may run with the role', lambdaFinding(), { trust: '{"Statement":[]}' }],
  ])('asks a person where nothing is proven: %s', async (_why, event, over) => {
    const world = withoutFunction(over);
    const before = structuredClone(world);

    const { contained } = await judged(event, world);

    expect(contained).toMatchObject({
      state: 'awaiting-approval',
      decision: { kind: 'ask', reason: expect.stringContaining('not proven') },
    });
    expect(world).toEqual(before);
  });

  it('asks where the role is gone and the function is there: it may run with another', async () => {
    const { contained } = await judged(lambdaFinding(), aWorld({ roles: new Map([]) }));

    expect(contained.decision).toEqual({
      kind: 'ask',
      reason: 'could not judge: the role does not exist',
    });
  });
});

describe('a function that runs with another role by now', () => {
  const moved = () =>
    aWorld({
      functions: new Map([['orders', aFunction({ role: 'admin-role' })]]),
      roles: new Map([
        ['orders-role', aRole()],
        ['admin-role', aRole({ id: 'AROAEXAMPLEEXAMPLE09' })],
      ]),
    });

  it('is paused, and the role of the stolen session is denied, which its id proves', async () => {
    const world = moved();
    const { contained, role } = await judged(stolenSession(), world);

    expect(contained.state).toBe('contained');
    expect(contained.decision.reason).toContain('orders runs with another role now');
    expect(role?.attached).toContain(quarantine.role);
    expect(world.functions.get('orders')?.reserved).toBe(0);
    expect(world.roles.get('admin-role')).toEqual(aRole({ id: 'AROAEXAMPLEEXAMPLE09' }));
  });

  it('asks a person where only the finding connects it with the role', async () => {
    const world = moved();
    const { contained } = await judged(lambdaFinding(), world);

    expect(contained.decision.kind).toBe('ask');
    expect(world).toEqual(moved());
  });
});

it('a function that is deleted between reading and changing counts as contained', async () => {
  const world = aWorld({
    functions: new Map([['orders', aFunction({ urls: new Map([['', 'NONE']]) })]]),
  });
  const { deps, account } = fakeDeps(world);
  account.lambda.on(UpdateFunctionUrlConfigCommand).callsFake(() => {
    world.functions.delete('orders');
    throw Object.assign(new Error('gone'), { name: 'ResourceNotFoundException' });
  });
  const { incidentId } = await containFinding(
    { event: lambdaFinding(), drill: false, execution: 'e1' },
    deps,
  );

  expect(await watch(incidentId, deps)).toMatchObject({ holds: true, state: 'contained' });
  expect(world.roles.get('orders-role')?.attached).toContain(quarantine.role);
});
