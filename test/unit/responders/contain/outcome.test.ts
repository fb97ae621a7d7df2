import { describe, expect, it } from 'vitest';
import { clocksOf, stateOf } from '../../../../responders/contain/outcome.ts';
import { plannedActions } from '../../../../responders/contain/run.ts';
import type { Action, OutcomeKind } from '../../../../responders/incident/incident.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';

const actionWith = (
  outcome: OutcomeKind,
  acceptedMs: number | null = null,
  effectiveMs: number | null = null,
): Action => ({ responder: 'contain.x', target: 't', outcome, acceptedMs, effectiveMs });

describe('the state of an incident', () => {
  it.each<[readonly OutcomeKind[], string]>([
    [[], 'not-contained'],
    [['contained'], 'contained'],
    [['contained', 'contained'], 'contained'],
    [['contained', 'applied'], 'partial'],
    [['contained', 'not-contained'], 'partial'],
    [['contained', 'planned'], 'partial'],
    [['applied'], 'partial'],
    [['not-contained', 'applied'], 'partial'],
    [['not-contained'], 'not-contained'],
    [['not-contained', 'not-contained'], 'not-contained'],
    [['planned'], 'notify-only'],
    [['planned', 'planned'], 'notify-only'],
    [['planned', 'not-contained'], 'not-contained'],
    [['planned', 'applied'], 'partial'],
  ])('of the outcomes %j is %s', (outcomes, state) => {
    expect(stateOf(outcomes.map((outcome) => actionWith(outcome)))).toBe(state);
  });
});

it('what was not read is not planned in observe mode', () => {
  const [responder] = fakeDeps().deps.catalog;
  if (!responder) throw new Error('there is no responder');
  const unread = { ok: false, missing: false, busy: true, why: 'no answer' } as const;
  const readings = [
    { responder, target: 'a', before: { ok: true, value: {} } as const },
    { responder, target: 'b', before: unread },
  ];
  expect(plannedActions(readings)).toMatchObject([
    { target: 'a', outcome: 'planned' },
    { target: 'b', outcome: 'not-contained', step: 'before', reason: 'no answer' },
  ]);
});

describe('the clocks of an incident', () => {
  it('are the first change that was accepted, and the last that was seen to hold', () => {
    const actions = [actionWith('contained', 20, 90), actionWith('contained', 10, 40)];
    expect(clocksOf(actions)).toEqual({ accepted: 10, effective: 90 });
  });

  it('say that nothing is effective while a change does not hold', () => {
    const actions = [actionWith('contained', 20, 90), actionWith('applied', 10)];
    expect(clocksOf(actions)).toEqual({ accepted: 10, effective: null });
  });

  it('leave out what was not accepted, and are empty where nothing was', () => {
    expect(clocksOf([actionWith('not-contained'), actionWith('contained', 0, 5)])).toEqual({
      accepted: 0,
      effective: null,
    });
    expect(clocksOf([actionWith('not-contained')])).toEqual({ accepted: null, effective: null });
    expect(clocksOf([])).toEqual({ accepted: null, effective: null });
  });
});
