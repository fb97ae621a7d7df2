import { describe, expect, it } from 'vitest';
import type { ConsoleRequest } from '../../../../console/api/caller.ts';
import { now } from '../../../../console/api/now.ts';
import { createLog } from '../../../../protected-app/shared/log.ts';
import { type IncidentState, incidentStates } from '../../../../responders/incident/incident.ts';
import { toItem } from '../../../../responders/incident/items.ts';
import { at, listAt, textAt } from '../../../../responders/shared/json.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { fakeTable } from '../../../support/fakes/case-table.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

const request = (...groups: readonly string[]): ConsoleRequest => ({
  caller: { name: 'rita', groups, signedInAt: noon, signIn: 'x' },
  ...{ path: {}, query: {}, headers: {}, body: undefined, requestId: 'r' },
  log: createLog('now', 'r'),
});

/** `/now` with so many incidents of each state. */
const shownOf = async (states: readonly IncidentState[], over: object = {}) => {
  const { table, items } = fakeTable();
  for (const [index, state] of states.entries()) {
    const id = `inc-20261121-${String(index).padStart(8, '0')}`;
    const { head } = aCase({ id, state, ...over });
    const item = toItem({ pk: `INC#${id}`, sk: 'HEAD', ...head });
    items.set(`${item.pk?.S}\n${item.sk?.S}`, item);
  }
  const { body } = await now({ table, mask: maskWith('salt'), now: () => noon })(
    request('readers'),
  );
  return body;
};
const needs = ['decide', 'actByHand', 'contested', 'holding'] as const;
const statesIn = (body: unknown, need: string): readonly (string | null)[] =>
  listAt(body, `${need}.incidents`).map((incident) => textAt(incident, 'state'));

describe('what needs a person now', () => {
  it('is grouped by what there is to do, and each state is in one group at most', async () => {
    const body = await shownOf(incidentStates);
    expect(
      Object.fromEntries(needs.map((need) => [need, [...statesIn(body, need)].sort()])),
    ).toEqual({
      decide: ['awaiting-approval', 'unanswered'],
      actByHand: ['forged', 'not-contained', 'partial'],
      contested: ['contested'],
      holding: ['contained', 'open'],
    });
    const quiet = incidentStates.filter(
      (state) => !needs.some((need) => statesIn(body, need).includes(state)),
    );
    expect([...quiet].sort()).toEqual(['notify-only', 'released', 'suppressed']);
  });

  it('has drills too: somebody waits for them as well', async () => {
    const body = await shownOf(['awaiting-approval'], { drill: true });
    expect(at(listAt(body, 'decide.incidents')[0], 'drill')).toBe(true);
  });

  it('is 50 of each at most, and says that there are more', async () => {
    const many = Array.from({ length: 51 }, () => 'contained' as const);
    expect(await shownOf(many.slice(1))).toMatchObject({ holding: { more: false } });
    const body = await shownOf(many);
    expect([listAt(body, 'holding.incidents').length, at(body, 'holding.more')]).toEqual([
      50,
      true,
    ]);
    expect(body).toMatchObject({ at: noon, decide: { incidents: [], more: false } });
  });

  it('is not for who is in no group', async () => {
    const { table } = fakeTable();
    const asked = now({ table, mask: maskWith('salt'), now: () => noon })(request());
    await expect(asked).rejects.toMatchObject({ status: 403 });
  });
});
