// The heartbeat releases with the key of drills: the drill of its canary, and nothing else.
import { describe, expect, it } from 'vitest';
import { askedRelease } from '../../../../responders/contain/asked-release.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import {
  heartbeatCanary,
  heartbeatFields,
  heartbeatWord,
} from '../../../../responders/incident/heartbeat.ts';
import { releaseFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { accountId, aFunction, aRole, aWorld } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const role = `${heartbeatCanary}-role`;

/** A contained incident about a function, and what the heartbeat would send to release it. */
const contained = async (functionName: string, drill: boolean) => {
  const world = aWorld({
    roles: new Map([
      [role, aRole()],
      ['orders-role', aRole()],
    ]),
    functions: new Map([
      [heartbeatCanary, aFunction({ role, reserved: 1 })],
      ['orders', aFunction()],
    ]),
  });
  const made = fakeDeps(world);
  const roleName = functionName === heartbeatCanary ? role : 'orders-role';
  const event = lambdaFinding({ functionName, role: `arn:aws:iam::${accountId}:role/${roleName}` });
  const { incidentId } = await containFinding({ event, execution: 'first', drill }, made.deps);
  const proof = await made.prove('drill', heartbeatFields({ id: incidentId, round: 1 }));
  const state = async () => (await readCase(made.deps.table, incidentId)).head.state;
  expect(await state()).toBe('contained');
  const input = { incidentId, ...heartbeatWord, proof };
  return { ...made, world, incidentId, input, state };
};

it('releases the drill of its canary, and what it had reserved is back', async () => {
  const { deps, input, state, incidentId, world } = await contained(heartbeatCanary, true);

  expect(await askedRelease(input, deps)).toMatchObject({ released: true });

  expect(await state()).toBe('released');
  expect((await readCase(deps.table, incidentId)).head.release).toMatchObject({ by: 'heartbeat' });
  expect(world.functions.get(heartbeatCanary)?.reserved).toBe(1);
});

describe('releases nothing else, whatever its proof says', () => {
  it.each([
    ['a real incident about a workload', 'orders', false],
    ['a real incident about the canary', heartbeatCanary, false],
    ['the drill of another function', 'orders', true],
  ] as const)('%s', async (_what, functionName, drill) => {
    const { deps, input, state } = await contained(functionName, drill);

    expect(await askedRelease(input, deps)).toMatchObject({
      released: false,
      refused: 'the heartbeat releases nothing but the drill of its canary',
    });
    expect(await state()).toBe('contained');
  });
});

describe('is not believed', () => {
  it.each([
    ['without a proof', { proof: undefined }, 'it came without a proof'],
    ['with a proof that is no proof', { proof: 'drill' }, 'its proof cannot be read'],
  ])('%s', async (_what, change, refused) => {
    const { deps, input, state } = await contained(heartbeatCanary, true);

    expect(await askedRelease({ ...input, ...change }, deps)).toMatchObject({ refused });
    expect(await state()).toBe('contained');
  });

  it('with the proof of another round, another incident, or of a release by a person', async () => {
    const { deps, input, incidentId, prove, state } = await contained(heartbeatCanary, true);
    const fields = { id: incidentId, round: 1 };
    const foreign = [
      await prove('drill', heartbeatFields({ ...fields, round: 2 })),
      await prove('drill', heartbeatFields({ ...fields, id: 'inc-20261121-aaaaaaaa' })),
      await prove('drill', releaseFields(fields, heartbeatWord)),
      await prove('release', releaseFields(fields, heartbeatWord)),
    ];

    for (const proof of foreign)
      expect(await askedRelease({ ...input, proof }, deps)).toMatchObject({
        refused: 'its proof was made for something else',
      });
    expect(await state()).toBe('contained');
  });

  it('with a MAC of another key', async () => {
    const { deps, input, incidentId, prove, state } = await contained(heartbeatCanary, true);
    const fields = heartbeatFields({ id: incidentId, round: 1 });
    const proof = await prove('drill', fields, 'key/elsewhere');

    expect(await askedRelease({ ...input, proof }, deps)).toMatchObject({
      refused: 'its proof was not made with the key of this deployment',
    });
    expect(await state()).toBe('contained');
  });
});
