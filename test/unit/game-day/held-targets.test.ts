import { expect, it } from 'vitest';
import { differences } from '../../../game-day/account-state.ts';
import { judged } from '../../../game-day/drill.ts';
import { assertFree, heldNames, heldTargets } from '../../../game-day/held-targets.ts';
import { restored } from '../../../game-day/judge-record.ts';
import { openIncident } from '../../../responders/incident/case-table.ts';
import { fakeTable } from '../../support/fakes/case-table.ts';
import { everyCase } from '../../support/game-day/case.ts';
import { perfect } from '../../support/game-day/observations.ts';

/** A table in which an incident keeps `orders` paused. */
const tableWithHold = async (drill: boolean) => {
  const { table } = fakeTable();
  const { head } = everyCase();
  const { account, region, id: findingId } = head.finding;
  await openIncident(table, {
    claim: { drill, account, region, findingId },
    head: { ...head, drill },
    raw: '{}',
    befores: [
      { responder: 'contain.pause-function', target: 'orders', before: {}, order: 1, since: 1 },
    ],
    breaker: undefined,
  });
  return table;
};

it.each([
  [true, /orders is still contained by inc-20261121-7f3k2m8q: run cordon release inc-/],
  [false, /orders is contained by inc-20261121-7f3k2m8q, which is no drill: drill again when/],
])('a drill does not begin while an incident (drill: %s) holds its target', async (drill, why) => {
  const table = await tableWithHold(drill);

  await expect(assertFree(table, ['orders', 'billing'])).rejects.toThrow(why);
  await expect(assertFree(table, ['billing'])).resolves.toBeUndefined();
  expect(await heldTargets(table, { functions: ['orders', 'billing'] })).toEqual([
    {
      incidentId: 'inc-20261121-7f3k2m8q',
      drill,
      functionName: 'orders',
      roleName: 'orders-role',
    },
  ]);
});

it('a held function and its role are left out of the comparison, and named', () => {
  const held = heldNames([
    {
      incidentId: 'inc-20261121-7f3k2m8q',
      drill: false,
      functionName: 'orders',
      roleName: 'orders-role',
    },
  ]);
  const before = new Map([
    ['function orders: reserved concurrency', '"none"'],
    ['role orders-role: tags', '[]'],
    ['function orders-2: reserved concurrency', '"none"'],
  ]);
  const after = new Map([...before.keys()].map((fact) => [fact, '"changed"']));

  expect(differences(before, after)).toHaveLength(3);
  expect(differences(before, after, held.keys())).toEqual([
    'function orders-2: reserved concurrency: was "none", is "changed"',
  ]);
});

it('the check says what was not compared', () => {
  const notCompared = ['function orders (inc-20261121-7f3k2m8q)'];
  const { checks } = judged(
    { id: 'a-drill', checks: [restored] },
    { ...perfect(), notCompared },
    'inc',
  );

  expect(checks).toMatchObject([
    { passed: true, detail: expect.stringContaining(`another incident: ${notCompared[0]}`) },
  ]);
});
