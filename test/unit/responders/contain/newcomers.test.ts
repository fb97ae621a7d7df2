import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import {
  mergedNewcomers,
  type Newcomers,
  suppressedTogether,
} from '../../../../responders/contain/newcomers.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { addRevision } from '../../../../responders/incident/case-table.ts';
import { accountId } from '../../../support/fakes/account.ts';
import { attackSequence, stolenKey } from '../../../support/fakes/findings.ts';
import { actor, growing, secondsAt, userIdOf } from '../../../support/responders/growing.ts';

describe('whom a later revision of a finding names besides', () => {
  it('is in no yes to the question that was asked before', async () => {
    const { name, say, denied, namesOf } = growing();
    const first = await name(1, ['u1']);
    expect(first.decision.kind).toBe('ask');

    const second = await name(2, ['u1', 'u2']);
    expect(second).toMatchObject({ next: 'ask', state: 'awaiting-approval' });
    expect(second.incidentId).not.toBe(first.incidentId);
    expect(second.decision.reason).toContain(
      `named by a later revision of the finding of ${first.incidentId}`,
    );
    expect(await namesOf(second.incidentId)).toEqual(['u2']);

    expect(await say(first.incidentId)).toMatchObject({ state: 'contained' });
    expect(denied()).toEqual(['u1']);
    expect(await namesOf(first.incidentId)).toEqual(['u1']);
    expect(await say(second.incidentId)).toMatchObject({ state: 'contained' });
    expect(denied()).toEqual(['u1', 'u2']);
  });

  it('is contained at once where that needs no person, and the question stays', async () => {
    const { name, say, denied } = growing();
    const first = await name(1, ['u1']);
    expect(await name(2, ['u1', 'u4'])).toMatchObject({ next: 'respond', state: 'contained' });
    expect(denied()).toEqual(['u4']);
    await say(first.incidentId);
    expect(denied()).toEqual(['u1', 'u4']);
  });

  it('is decided as well where the first are contained already', async () => {
    const { name, denied } = growing();
    const first = await name(1, ['u4']);
    expect(first.state).toBe('contained');
    const second = await name(2, ['u4', 'u1']);
    expect(second).toMatchObject({ next: 'ask', state: 'awaiting-approval' });
    expect(denied()).toEqual(['u4']);
  });

  it('is one incident, whatever further revisions and retries come', async () => {
    const { name, say } = growing();
    const first = await name(1, ['u1']);
    const second = await name(2, ['u2', 'u1']);
    expect(await name(2, ['u2', 'u1'], 'e2')).toEqual(second);
    expect(await name(3, ['u1', 'u2'])).toMatchObject({
      next: 'remind',
      incidentId: second.incidentId,
    });
    await say(second.incidentId);
    expect(await name(4, ['u1', 'u2'])).toMatchObject({
      next: 'remind',
      incidentId: first.incidentId,
    });
    expect(await name(1, ['u1', 'u2'], 'e1')).toMatchObject({ incidentId: first.incidentId });
  });

  it('is one incident, also when a further revision names more', async () => {
    const { name, say, denied, namesOf } = growing();
    await name(1, ['u1']);
    const second = await name(2, ['u1', 'u2']);
    const third = await name(3, ['u1', 'u2', 'u3']);
    expect(third).toMatchObject({ next: 'ask', state: 'awaiting-approval' });
    expect(third.incidentId).not.toBe(second.incidentId);
    expect(await namesOf(third.incidentId)).toEqual(['u3']);

    await say(second.incidentId, false);
    await say(third.incidentId);
    expect(denied()).toEqual(['u3']);
    // Nobody is asked again about whom a person has left alone.
    expect(await name(4, ['u1', 'u2', 'u3'])).not.toMatchObject({ next: 'ask' });
    expect(denied()).toEqual(['u3']);
  });

  it('is decided with the first where GuardDuty’s copy already names them', async () => {
    const { deps, denied } = growing();
    const event = attackSequence([actor('u4')]);
    const grown = attackSequence([actor('u4'), actor('u5')]);
    const copy = { ...grown, detail: { ...grown.detail, updatedAt: secondsAt(2) } };
    const provenanceOf = async () =>
      ({ is: 'believed', finding: parseFinding(copy, false), event: copy }) as const;

    const first = await containFinding(
      { event, execution: 'e1', drill: false },
      { ...deps, provenanceOf },
    );

    expect(first.state).toBe('contained');
    expect(denied()).toEqual(['u4', 'u5']);
  });

  it('is asked about when the run that kept the revision broke off', async () => {
    const { name, say, namesOf, deps } = growing();
    const first = await name(1, ['u1']);
    const silent = { approved: false, by: 'policy', reason: 'nobody answered in time' };
    await containAnswered(first.incidentId, silent, deps);
    const event = attackSequence(['u1', 'u2'].map(actor));
    const raw = JSON.stringify({ ...event, detail: { ...event.detail, updatedAt: secondsAt(2) } });
    await addRevision(deps.table, first.incidentId, Date.parse(secondsAt(2)), raw);

    expect(await name(2, ['u1', 'u2'])).toMatchObject({ next: 'ask', round: 2 });
    expect(await namesOf(first.incidentId)).toEqual(['u1', 'u2']);
    expect(await say(first.incidentId)).toMatchObject({ state: 'contained' });
  });

  it('has no effect on a yes where the finding names nobody else any more', async () => {
    const { arrive, say, denied, deps } = growing();
    const key = (userName: string, revision: number) => {
      const event = stolenKey({ userName, principalId: userIdOf(userName) });
      const detail = { ...event.detail, updatedAt: secondsAt(revision), severity: 8 };
      return { ...event, detail };
    };
    const first = await arrive(key('u1', 1), 'e1');
    const second = await arrive(key('u2', 2), 'e2');
    expect([first.decision.kind, second.decision.kind]).toEqual(['ask', 'ask']);
    expect(second.incidentId).not.toBe(first.incidentId);

    const why = 'GuardDuty’s finding names others by now';
    const revised = async () => ({ is: 'unknown', busy: false, why, isOutdated: true }) as const;
    await containAnswered(
      first.incidentId,
      { approved: true, by: 'anna', reason: 'seen' },
      { ...deps, provenanceOf: revised },
    );
    expect(denied()).toEqual(['u1']);
    await say(second.incidentId, false);
    expect(denied()).toEqual(['u1']);
  });

  it('is asked about with the others where nobody has answered', async () => {
    const { name, say, namesOf, denied, deps } = growing();
    const first = await name(1, ['u1']);
    const silent = { approved: false, by: 'policy', reason: 'nobody answered in time' };
    await containAnswered(first.incidentId, silent, deps);
    const second = await name(2, ['u1', 'u2']);
    expect(second).toMatchObject({ next: 'ask', incidentId: first.incidentId, round: 2 });
    expect(await namesOf(first.incidentId)).toEqual(['u1', 'u2']);
    await say(first.incidentId);
    expect(denied()).toEqual(['u1', 'u2']);
  });
});

describe('a yes', () => {
  it('is judged on what the person was shown, whomever a later revision names alone', async () => {
    const { name, say, denied, namesOf } = growing({ suspectLimit: 0 });
    const { incidentId } = await name(1, ['u4', 'u1']);
    expect(await namesOf(incidentId)).toEqual(['u4']);
    await name(2, ['u1']);

    expect(await say(incidentId)).toMatchObject({ state: 'contained' });
    expect(denied()).toEqual(['u4']);
  });

  it('is for nobody whom the question has left out', async () => {
    const { world, name, say, denied } = growing({ suspectLimit: 0 });
    const { incidentId, decision } = await name(1, ['u4', 'u1']);
    expect(decision.kind).toBe('ask');
    expect(decision.reason).toContain('not contained: user u1');
    world.users.delete('u4');

    await say(incidentId);
    expect(denied()).toEqual([]);
  });
});

describe('groups of newcomers', () => {
  const group = (name: string, over: Partial<Newcomers>): Newcomers => ({
    names: [name],
    isMeant: () => false,
    claim: { account: accountId, region: 'eu-west-1', findingId: 'f1', drill: false, doubt: name },
    isAdded: true,
    ...over,
  });

  it('are one under the claim of that which has an incident, or of the first', () => {
    const [added, other, known] = [
      group('u1', {}),
      group('u2', {}),
      group('u3', { isAdded: false }),
    ];
    expect(mergedNewcomers([added, other])).toMatchObject({
      ...{ names: ['u1', 'u2'], isAdded: true, claim: { doubt: 'u1' } },
    });
    expect(mergedNewcomers([added, known])).toMatchObject({
      ...{ names: ['u1', 'u3'], isAdded: false, claim: { doubt: 'u3' } },
    });
  });

  it('that are suppressed share a claim, except where they have an incident', () => {
    const drill = { ...group('u1', {}).claim, drill: true };
    const doubts = [{}, { isAdded: false }, { claim: drill }].map(
      (over) => suppressedTogether(group('u1', over)).claim.doubt,
    );
    expect(doubts).toEqual(['real-besides-suppressed', 'u1', 'drill-besides-suppressed']);
  });
});
