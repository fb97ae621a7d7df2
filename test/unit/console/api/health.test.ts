import { describe, expect, it } from 'vitest';
import { heartbeatState } from '../../../../console/api/heartbeat.ts';
import type { Head } from '../../../../responders/incident/case.ts';
import { toItem } from '../../../../responders/incident/items.ts';
import {
  lastCheck,
  saveCheck,
  saveTampering,
  toldTampering,
} from '../../../../responders/incident/own-state.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { fakeTable } from '../../../support/fakes/case-table.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const hour = 3_600_000;
const noon = Date.parse('2026-11-21T12:00:00Z');

const canary: Head['suspect'] = {
  kind: 'function',
  functionName: 'canary-heartbeat',
  roleName: 'canary-heartbeat-role',
  sharing: 'sole',
};
const released = (hoursAgo: number): Head['release'] => ({
  at: noon - hoursAgo * hour,
  by: 'heartbeat',
  reason: 'The canary of the heartbeat was denied, as it should be.',
});

const world = () => {
  const { table, items } = fakeTable();
  const put = (id: string, sk: string, fields: object): void => {
    const item = toItem({ pk: `INC#${id}`, sk, ...fields });
    items.set(`${item.pk?.S}\n${item.sk?.S}`, item);
  };
  /** A heartbeat of so many hours ago, whose last stage went as said. */
  const beat = (id: string, hoursAgo: number, over: Partial<Head>, close?: 'ok' | 'failed') => {
    const openedAt = new Date(noon - hoursAgo * hour).toISOString();
    const { head } = aCase({ id, openedAt, drill: true, suspect: canary, ...over });
    put(id, 'HEAD', head);
    if (close)
      put(id, 'STAGE#1#close', {
        ...{ kind: 'closing', name: 'close', round: 1, status: close, ms: 0, at: noon },
      });
  };
  const state = (everyHours: number | null) =>
    heartbeatState(everyHours, { table, mask: maskWith('salt'), now: () => noon });
  return { table, beat, state };
};

describe('the heartbeat', () => {
  it('has succeeded when the canary was released and every stage has run', async () => {
    const { beat, state } = world();
    beat('inc-20261121-aaaaaaaa', 30, { state: 'released', release: released(29) }, 'ok');
    beat('inc-20261121-bbbbbbbb', 5, { state: 'released', release: released(4) }, 'failed');
    beat('inc-20261121-cccccccc', 1, { state: 'contained' });

    expect(await state(24)).toEqual({
      everyHours: 24,
      late: true,
      lastSuccess: { at: noon - 29 * hour, incidentId: 'inc-20261121-aaaaaaaa' },
      latest: {
        at: new Date(noon - hour).toISOString(),
        incidentId: 'inc-20261121-cccccccc',
        state: 'contained',
      },
    });
    expect(await state(48)).toMatchObject({ late: false });
  });

  it('is late where none has run, and never where none is to run', async () => {
    const { state } = world();
    const none = { lastSuccess: null, latest: null };
    expect(await state(24)).toEqual({ everyHours: 24, late: true, ...none });
    expect(await state(null)).toEqual({ everyHours: null, late: false, ...none });
  });

  it('is no drill of a person, and no real incident', async () => {
    const { beat, state } = world();
    const function2 = { ...canary, functionName: 'canary-solo' } as Head['suspect'];
    const over = { state: 'released', release: released(1) } as const;
    beat('inc-20261121-dddddddd', 2, { ...over, suspect: function2 }, 'ok');
    beat('inc-20261121-eeeeeeee', 2, { ...over, drill: false }, 'ok');
    expect(await state(24)).toMatchObject({ lastSuccess: null, latest: null });
  });
});

it('the last comparison takes the place of the one before', async () => {
  const { table } = world();
  expect(await lastCheck(table)).toBeUndefined();
  await saveCheck(table, { at: 1, differences: ['rule x is disabled'] });
  await saveCheck(table, { at: 2, differences: [] });
  expect(await lastCheck(table)).toEqual({ at: 2, differences: [] });
});

it('calls against Cordon itself are there once, the newest first', async () => {
  const { table } = world();
  const call = (at: string, eventId: string) => ({
    ...{ at, eventId, call: 'lambda:DeleteFunction', resource: 'ContainmentLambda' },
    ...{ caller: 'arn:aws:iam::1:user/eve', from: '198.51.100.7', result: 'denied', times: 3 },
  });
  const [first, second] = [call('2026-11-21T10:00:00Z', 'e1'), call('2026-11-21T11:00:00Z', 'e2')];
  await saveTampering(table, [first, second], noon);
  await saveTampering(table, [first], noon);
  expect(await toldTampering(table, 50)).toEqual([second, first]);
});
