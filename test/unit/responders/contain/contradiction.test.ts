import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { isOutdated } from '../../../../responders/contain/contradiction.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { accountId, aUser, aWorld } from '../../../support/fakes/account.ts';
import { attackSequence, lambdaFinding, stolenKey } from '../../../support/fakes/findings.ts';
import { arrival, asked, holding } from '../../../support/responders/guard-duty.ts';

describe('GuardDuty’s copy of a finding that grows', () => {
  const user = (name: string, number: number) => ({
    ...{ name, uid: `AIDAEXAMPLEEXAMPLE0${number}`, type: 'IAMUser', account: { uid: accountId } },
  });
  const naming = (updatedAt: string, ...users: readonly object[]) => {
    const event = attackSequence(users);
    return { ...event, detail: { ...event.detail, updatedAt } };
  };
  const [early, late] = ['2026-11-21T10:00:01.000Z', '2026-11-21T10:00:02.000Z'];
  const [first, second] = [user('u1', 1), user('u2', 2)];

  it('is judged where it is newer and names others besides', async () => {
    const copy = naming(late, second, first);
    const event = naming(early, first);
    const { provenanceOf } = asked(holding(copy.detail)).deps;
    expect(await provenanceOf(parseFinding(event, false), event)).toMatchObject({
      is: 'believed',
      finding: { updatedAt: Date.parse(late) },
    });
  });

  it.each([
    ['others instead', naming(late, second)],
    ['one of several', naming(late, second, user('u3', 3))],
  ])('leaves an older event to a person where it names %s', async (_whom, copy) => {
    const event = naming(early, first);
    const users = new Map([['u1', aUser({ id: first.uid })]]);
    const { deps, account } = asked(holding(copy.detail), aWorld({ users }));
    const untouched = structuredClone(account.world);

    const said = await containFinding(arrival(event), deps);

    expect(said).toMatchObject({
      state: 'awaiting-approval',
      decision: {
        kind: 'ask',
        reason: expect.stringContaining('the event is older than GuardDuty’s finding with its id'),
      },
    });
    expect(account.world).toEqual(untouched);
  });

  const typed = (event: object, type: string) => {
    const { detail } = naming(early, first);
    return { ...event, detail: { ...detail, type } };
  };
  it.each([
    ['is as old', naming(late, first), naming(late, second)],
    ['is older', naming(late, first), naming(early, second, first)],
    [
      'is of another type',
      typed(naming(early, first), 'AttackSequence:S3/x'),
      naming(late, second),
    ],
    ['saw nothing then', naming('2026-11-20T10:00:00.000Z', first), naming(late, second)],
  ])('makes a forgery of the event where it %s', async (_how, event, copy) => {
    const { deps } = asked(holding(copy.detail));
    expect(await containFinding(arrival(event), deps)).toMatchObject({
      state: 'forged',
      decision: { reason: 'GuardDuty’s finding with its id is about another workload' },
    });
  });
});

describe('an event that arrives again when GuardDuty’s finding names others', () => {
  const later = () => {
    const { detail } = stolenKey({ userName: 'other', principalId: 'AIDAEXAMPLEEXAMPLE01' });
    const { id, type } = lambdaFinding().detail;
    return holding({ ...detail, id, type, updatedAt: '2026-11-21T11:00:00.000Z' });
  };

  it('is no news where it was proven then', async () => {
    let guardDuty = holding(lambdaFinding().detail);
    const { deps } = asked((call) => guardDuty(call));
    const { incidentId, state } = await containFinding(arrival(lambdaFinding(), 'e1'), deps);
    expect(state).toBe('contained');

    guardDuty = later();
    expect(await containFinding(arrival(lambdaFinding(), 'e2'), deps)).toMatchObject({
      ...{ incidentId, next: 'none', state: 'contained' },
    });
  });

  it('asks a person where nothing has proven it, whose yes contains', async () => {
    const { deps } = asked(later());
    const first = await containFinding(arrival(lambdaFinding()), deps);
    expect(first).toMatchObject({ next: 'ask', state: 'awaiting-approval' });
    const { head } = await readCase(deps.table, first.incidentId);
    expect(head.proposal?.doubted).toBe(true);

    const yes = { approved: true, by: 'anna', reason: 'CloudTrail shows it' };
    expect(await containAnswered(first.incidentId, yes, deps)).toMatchObject({
      state: 'contained',
    });
  });

  it('is left to a person where nothing has proven it, whatever the policy takes silence for', async () => {
    const { deps, account } = asked(later());
    const untouched = structuredClone(account.world);
    const { incidentId } = await containFinding(arrival(lambdaFinding()), deps);

    const silence = { approved: true, by: 'policy', reason: 'nobody answered in time' };
    expect(await containAnswered(incidentId, silence, deps)).toMatchObject({
      state: 'unanswered',
    });
    expect(account.world).toEqual(untouched);
  });
});

it('a copy of GuardDuty that says not since when is as old as the event at least', () => {
  const actor = (number: number) => ({
    ...{ name: `u${number}`, uid: `AIDAEXAMPLEEXAMPLE0${number}`, type: 'IAMUser' },
    account: { uid: accountId },
  });
  const event = parseFinding(attackSequence([actor(1)]), false);
  const copy = { ...parseFinding(attackSequence([actor(2)]), false), firstSeen: null };
  const later = { ...copy, updatedAt: event.updatedAt + 1 };
  expect(isOutdated(event, later)).toBe(true);
  expect(isOutdated(event, { ...later, firstSeen: event.updatedAt + 1 })).toBe(false);
  expect(isOutdated(event, copy)).toBe(false);
});
