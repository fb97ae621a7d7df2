import { describe, expect, it } from 'vitest';
import { release } from '../../../../responders/contain/release.ts';
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
import { asked, contain } from '../../../support/responders/contained.ts';
import type { Client, Command } from '../../../support/responders/interleaver.ts';

const anybody = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});

/** An account in which others act once, after Cordon has read it and before it denies. */
const actingBetween = (act: (world: World) => void) => {
  const roles = new Map([
    ['orders-role', aRole()],
    ['other-role', aRole({ id: 'AROAEXAMPLEEXAMPLE09' })],
  ]);
  const known = fakeDeps(aWorld({ roles }));
  const { world } = known.account;
  const dynamo: Client = known.cases.table.dynamo;
  const send = dynamo.send.bind(dynamo);
  let hasActed = false;
  dynamo.send = async (command: Command) => {
    if (command.constructor.name === 'TransactWriteItemsCommand' && !hasActed) {
      hasActed = true;
      act(world);
    }
    return send(command);
  };
  return { ...known, world };
};

describe('between reading and denying', () => {
  it.each<[string, (world: World) => void, number | undefined]>([
    ['is deleted', ({ functions }) => void functions.delete('orders'), undefined],
    ['is made again', ({ functions }) => void functions.set('orders', aFunction()), 0],
    [
      'is moved to another role',
      ({ functions }) => void functions.set('orders', aFunction({ role: 'other-role' })),
      0,
    ],
  ])('a function that %s has its old role denied, and no other', async (_what, act, reserved) => {
    const { deps, world } = actingBetween(act);

    const { incidentId } = await contain(deps, 'f1');

    expect(world.roles.get('orders-role')?.attached).toContain(quarantine.role);
    expect(world.roles.get('other-role')).toEqual(aRole({ id: 'AROAEXAMPLEEXAMPLE09' }));
    expect(world.functions.get('orders')?.reserved).toBe(reserved);
    expect(await watch(incidentId, deps)).toEqual({ holds: true, state: 'contained' });
    await release(asked(incidentId), deps);
    expect(world.roles.get('orders-role')).toEqual(aRole());
  });

  it('a trust policy that is changed keeps the role denied, and stays what it became', async () => {
    const { deps, world } = actingBetween(({ roles }) => {
      Object.assign(roles.get('orders-role') ?? {}, { trust: anybody });
    });

    const { incidentId, state } = await contain(deps, 'f1');

    expect(state).toBe('contained');
    expect(world.roles.get('orders-role')?.attached).toContain(quarantine.role);
    expect(world.roles.get('orders-role')?.trust).toBe(anybody);
    expect(await watch(incidentId, deps)).toMatchObject({ holds: true });
    // Who was read as the only user of the role stays so: the change cannot narrow the denial.
    const { suspect } = (await readCase(deps.table, incidentId)).head;
    expect(suspect).toMatchObject({ sharing: 'sole' });
  });
});
