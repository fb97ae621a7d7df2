import { describe, expect, it } from 'vitest';
import { contained, followUps } from '../../../../responders/contain/next-step.ts';
import type { Head } from '../../../../responders/incident/case.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

const known = (over: Partial<Head> = {}) => {
  const settings = { approvalMinutes: 30, lagSeconds: { real: 900, drill: 5 } };
  const deps = { ...fakeDeps(undefined, settings).deps, now: () => noon };
  const head: Head = { ...aCase().head, ...over };
  return { head, deps, after: () => contained(head, deps) };
};

describe('what the state machine does next', () => {
  it('depends on the kind of the decision alone', () => {
    expect(followUps).toEqual({
      contain: { state: 'open', next: 'respond' },
      ask: { state: 'awaiting-approval', next: 'ask' },
      notify: { state: 'notify-only', next: 'respond' },
      suppress: { state: 'suppressed', next: 'tell' },
      forged: { state: 'forged', next: 'tell' },
      duplicate: { state: 'open', next: 'none' },
    });
  });

  it('is told with the incident, its round and its decision, unless another step is named', () => {
    const { head, deps } = known({ round: 3, decision: { kind: 'ask', reason: 'a tag' } });
    expect(contained(head, deps)).toMatchObject({
      ...{ incidentId: head.id, next: 'ask', state: head.state, round: 3 },
      decision: { kind: 'ask', reason: 'a tag' },
    });
    expect(contained(head, deps, 'none').next).toBe('none');
  });

  it('waits for CloudTrail as long as real findings and drills need', () => {
    expect(known({ drill: false }).after().lagSeconds).toBe(900);
    expect(known({ drill: true }).after().lagSeconds).toBe(5);
  });
});

describe('how long a question still waits', () => {
  const endingIn = (ms: number) =>
    known({ timeLimit: { askedAt: noon, endsAt: noon + ms, onTimeout: 'leave' } }).after()
      .askSeconds;

  it('is what the configuration says before it was asked', () => {
    const { timeLimit: _none, ...head } = known().head;
    const { deps } = known();
    expect(contained(head, deps).askSeconds).toBe(1_800);
  });

  it('is the whole seconds up to its end, and at least one: Step Functions takes no zero', () => {
    expect([60_000, 60_001, 1_000, 1, 0, -5_000].map(endingIn)).toEqual([60, 61, 1, 1, 1, 1]);
  });
});
