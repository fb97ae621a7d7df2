import { describe, expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { watch } from '../../../../responders/contain/watch.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import {
  aFunction,
  aRole,
  aWorld,
  furtherRegion,
  quarantine,
  type World,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';

/** The same finding of the further region; a function that it names is there as well. */
const inFurtherRegion = (
  event: ReturnType<typeof lambdaFinding> | ReturnType<typeof stolenSession>,
) => JSON.parse(JSON.stringify(event).replaceAll('eu-west-1', furtherRegion));

const there = `${furtherRegion}/orders`;

const worldWith = (functions: readonly (readonly [string, Parameters<typeof aFunction>[0]])[]) =>
  aWorld({ functions: new Map(functions.map(([name, over]) => [name, aFunction(over)])) });

const judged = async (event: unknown, world: World, furtherRegions = [furtherRegion]) => {
  const made = fakeDeps(world, { furtherRegions });
  const { incidentId } = await containFinding({ event, drill: false, execution: 'e1' }, made.deps);
  const { actions, head } = await readCase(made.deps.table, incidentId);
  const targets = actions.map(({ responder, target }) => `${responder} ${target}`).sort();
  return { ...made, incidentId, head, targets, role: world.roles.get('orders-role') };
};

const ways = () => ({
  urls: new Map([['', 'NONE' as const]]),
  mappings: new Map([['m-1', 'Enabled']]),
});

describe('a finding of a further region about a function there', () => {
  const event = inFurtherRegion(lambdaFinding());

  it('has this function contained, and none of its name in the region of the deployment', async () => {
    const world = worldWith([
      [there, ways()],
      ['orders', { ...ways(), role: 'other-role' }],
    ]);
    const untouched = structuredClone(world.functions.get('orders'));
    const { head, targets, role } = await judged(event, world);

    expect(head).toMatchObject({
      state: 'contained',
      suspect: { functionName: 'orders', region: furtherRegion, sharing: 'sole' },
    });
    expect(targets).toEqual([
      `contain.close-function-url ${there}`,
      `contain.pause-event-sources ${there}`,
      `contain.pause-function ${there}`,
      'contain.quarantine-role orders-role',
    ]);
    expect(role?.attached).toContain(quarantine.role);
    expect(world.functions.get(there)).toMatchObject({
      reserved: 0,
      urls: new Map([['', 'AWS_IAM']]),
      mappings: new Map([['m-1', 'Disabled']]),
    });
    expect(world.functions.get('orders')).toEqual(untouched);
  });

  it('is watched there, and a release puts back what was there', async () => {
    const world = worldWith([[there, { ...ways(), reserved: 7 }]]);
    const before = structuredClone(world);
    const { deps, incidentId } = await judged(event, world);
    const contained = world.functions.get(there);
    if (contained) contained.reserved = 7;

    expect(await watch(incidentId, deps)).toMatchObject({ state: 'contested' });
    expect(world.functions.get(there)).toMatchObject({ reserved: 0 });
    await release({ incidentId, by: 'ada', reason: 'clean', letSessionsLive: true }, deps);

    expect(world).toEqual(before);
  });

  it('is only told where the region is not configured, with the option that is missing', async () => {
    const world = worldWith([[there, {}]]);
    const untouched = structuredClone(world);
    const { head, targets } = await judged(event, world, []);

    expect(head.decision).toEqual({
      kind: 'notify',
      reason: expect.stringContaining(`add ${furtherRegion} to furtherRegions`),
    });
    expect(targets).toEqual([]);
    expect(world).toEqual(untouched);
  });

  it('keeps a never-contain entry about functions of any region', async () => {
    const world = worldWith([[there, {}]]);
    const neverContain = [
      { arn: 'arn:*:lambda:*:*:function:orders', because: 'it must always run' },
    ];
    const { deps } = fakeDeps(world, { furtherRegions: [furtherRegion], neverContain });
    const { decision } = await containFinding({ event, drill: false, execution: 'e1' }, deps);

    expect(decision).toMatchObject({ kind: 'notify' });
    expect(world.functions.get(there)?.reserved).toBeUndefined();
  });
});

describe('a call in a further region, made in the session of a function', () => {
  const event = inFurtherRegion(stolenSession());

  it('has the function contained where it is', async () => {
    const world = worldWith([['orders', {}]]);
    const { head, targets } = await judged(event, world);

    expect(head).toMatchObject({
      state: 'contained',
      finding: { region: furtherRegion },
      suspect: { functionName: 'orders', roleName: 'orders-role' },
    });
    expect(head.suspect).not.toHaveProperty('region');
    expect(targets).toContain('contain.pause-function orders');
    expect(world.functions.get('orders')?.reserved).toBe(0);
  });

  it('has the function contained that runs with the role, whatever else has its name', async () => {
    const world = worldWith([
      [there, { role: 'other-role' }],
      ['orders', {}],
    ]);
    await judged(event, world);

    expect(world.functions.get('orders')?.reserved).toBe(0);
    expect(world.functions.get(there)?.reserved).toBeUndefined();
  });

  it('has only the role contained where no configured region has the function', async () => {
    const { head, targets, role } = await judged(event, worldWith([]));

    expect(head.suspect).toMatchObject({ gone: true });
    expect(head.decision.reason).toContain('no region of this deployment has the function orders');
    expect(targets).toEqual(['contain.quarantine-role orders-role']);
    expect(role?.attached).toContain(quarantine.role);
  });

  it('is asked about where a region that may have the function cannot be read', async () => {
    const world = worldWith([]);
    const { deps, account } = fakeDeps(world, { furtherRegions: [furtherRegion] });
    account.further.rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    const { decision } = await containFinding({ event, drill: false, execution: 'e1' }, deps);

    expect(decision).toMatchObject({ kind: 'ask', reason: expect.stringContaining('function') });
  });
});

describe('a function of another region that runs with the role', () => {
  it('shares it where it is older than the activity', async () => {
    const { head } = await judged(
      lambdaFinding(),
      worldWith([
        ['orders', {}],
        [`${furtherRegion}/reports`, {}],
      ]),
    );

    expect(head.suspect).toMatchObject({ sharing: 'shared' });
  });

  it('is contained as well where CloudTrail there says that it was given the role', async () => {
    const added = `${furtherRegion}/implant`;
    const world = worldWith([
      ['orders', {}],
      [added, { changed: '2026-11-21T09:59:30.000+0000' }],
    ]);
    const { deps, incidentId, changes, role } = await judged(lambdaFinding(), world);
    const creation = {
      eventName: 'CreateFunction20150331',
      eventTime: '2026-11-21T09:59:30Z',
      awsRegion: furtherRegion,
      userIdentity: { arn: 'arn:aws:iam::111122223333:user/mallory' },
      requestParameters: {
        functionName: 'implant',
        role: 'arn:aws:iam::111122223333:role/orders-role',
      },
    };
    changes.push(creation);
    await watch(incidentId, deps);

    expect((await readCase(deps.table, incidentId)).head.suspect).toMatchObject({
      sharing: 'sole',
      added: [added],
    });
    expect(world.functions.get(added)?.reserved).toBe(0);
    expect(role?.attached).toContain(quarantine.role);
  });
});

it('a record that names no region is about the region of the deployment', async () => {
  const world = aWorld({ roles: new Map([['orders-role', aRole()]]) });
  const { head } = await judged(lambdaFinding(), world);

  expect(head.suspect).not.toHaveProperty('region');
  expect(world.functions.get('orders')?.reserved).toBe(0);
});
