import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { containLate, type LateArrival } from '../../../../responders/contain/late-answer.ts';
import { release } from '../../../../responders/contain/release.ts';
import { recentContainments } from '../../../../responders/incident/case-table.ts';
import { proofOf } from '../../../../responders/incident/question.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail, saveQuestion } from '../../../../responders/incident/records.ts';
import { aFunction, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';

const token = 'AQCAAAAAKgAAAAMAAAAAAAAAAS-the-token-of-the-question';
const leave = { approved: false, by: 'anna', reason: 'a load test' };

/** An incident whose question was answered with *leave*, and how to answer it late. */
const leftAlone = async (drill = false, answer = leave) => {
  const functions = new Map([
    ['orders', aFunction({ tags: { 'cordon:tier': 'critical', 'cordon:drill': 'allowed' } })],
  ]);
  const made = fakeDeps(aWorld({ functions }));
  const { deps, account } = made;
  const event = lambdaFinding();
  const { incidentId: id } = await containFinding({ event, execution: 'first', drill }, deps);
  await saveQuestion(deps.table, id, token);
  await containAnswered(id, answer, deps);
  const attached = () => [...(account.world.roles.get('orders-role')?.attached ?? [])];
  const late = (over: Partial<LateArrival> = {}): LateArrival => {
    const given = { round: 1, by: 'bob', reason: 'it was real', ...over };
    return { execution: 'second', proof: proofOf(token, id, given), ...given };
  };
  const contain = (arrival = late()) => containLate(id, arrival, deps);
  return { ...made, id, attached, late, contain, read: () => readCase(deps.table, id) };
};

describe('containing after all what was left alone', () => {
  it('contains in a new round, and keeps both answers with person, time and reason', async () => {
    const { contain, attached, read, deps } = await leftAlone();

    expect(await contain()).toMatchObject({ state: 'contained', next: 'respond', round: 2 });

    expect(attached()).toContain(quarantine.role);
    const { head, befores } = await read();
    expect(head).toMatchObject({
      round: 2,
      execution: 'second',
      decision: { kind: 'contain', reason: 'approved by bob: it was real' },
      answers: [
        { by: 'anna', contain: false, reason: 'a load test', at: expect.any(Number) },
        { by: 'bob', contain: true, reason: 'it was real', at: expect.any(Number) },
      ],
      clocks: { received: expect.any(Number), effective: expect.any(Number), report1: null },
    });
    expect(befores.length).toBeGreaterThan(0);
    expect(await recentContainments(deps.table, deps.now(), 60)).toBe(1);
  });

  it('also after nobody answered in time, and the release restores everything', async () => {
    const silence = { approved: false, by: 'policy', reason: 'nobody answered in time' };
    const { contain, attached, id, deps } = await leftAlone(false, silence);
    expect((await contain()).state).toBe('contained');

    const released = await release({ incidentId: id, by: 'anna', reason: 'clean' }, deps);

    expect(released.released).toBe(true);
    expect(attached()).not.toContain(quarantine.role);
  });

  it('a retry of the execution goes on, and another answer changes nothing', async () => {
    const { contain, late, read } = await leftAlone();
    await contain();

    expect(await contain()).toMatchObject({ state: 'contained', next: 'respond', round: 2 });
    expect(await contain(late({ execution: 'third' }))).toMatchObject({ next: 'none' });

    expect((await read()).head).toMatchObject({ round: 2, execution: 'second' });
    expect((await read()).head.answers).toHaveLength(2);
  });

  it.each([
    ['no proof', { proof: '' }],
    ['the token itself', { proof: token }],
    ['a proof of another token', { proof: proofOf('x', 'i', { round: 1, by: 'b', reason: 'r' }) }],
  ])('is refused with %s, and changes nothing', async (_name, over) => {
    const { contain, late, attached, read } = await leftAlone();

    expect(await contain({ ...late(), ...over })).toMatchObject({ next: 'unbelieved' });

    expect(attached()).not.toContain(quarantine.role);
    expect((await read()).head).toMatchObject({ state: 'notify-only', round: 1 });
  });

  it.each([{ by: 'mallory' }, { reason: 'another' }, { round: 2 }] as const)(
    'a proof is of one person, reason and round: %j',
    async (over) => {
      const { contain, late, attached } = await leftAlone();
      expect(await contain({ ...late(), ...over })).toMatchObject({ next: 'unbelieved' });
      expect(attached()).not.toContain(quarantine.role);
    },
  );

  it('a drill that is over is not contained', async () => {
    const { contain, attached, deps, id } = await leftAlone(true);
    await saveMail(deps.table, id, { kind: 'drill', subject: 'x', at: 1, round: 1 });

    expect(await contain()).toMatchObject({ next: 'none' });
    expect(attached()).not.toContain(quarantine.role);
  });

  it('what the policy forbids stays forbidden, with the reason and the person', async () => {
    const { deps, contain, read, attached } = await leftAlone();
    const because = 'the payment role is exempt';
    const strict = {
      ...deps.settings,
      neverContain: [{ arn: '*:role/orders-role', because }],
    };
    Object.assign(deps, { settings: strict });

    expect(await contain()).toMatchObject({ state: 'notify-only', next: 'respond' });
    expect((await read()).head.decision.reason).toBe(
      `never contained: ${because} (approved by bob: it was real)`,
    );
    expect(attached()).not.toContain(quarantine.role);
  });

  it('what was never asked is not believed', async () => {
    const { deps } = fakeDeps();
    const event = lambdaFinding({ severity: 1 });
    const { incidentId } = await containFinding({ event, execution: 'e', drill: false }, deps);
    const answer = { round: 1, by: 'bob', reason: 'yes' };
    const proof = proofOf('', incidentId, answer);
    expect(
      await containLate(incidentId, { ...answer, proof, execution: 'second' }, deps),
    ).toMatchObject({ next: 'unbelieved', state: 'suppressed' });
  });
});
