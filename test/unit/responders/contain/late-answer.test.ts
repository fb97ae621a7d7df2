import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { arrivedAnswer } from '../../../../responders/contain/arrived-answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { breakerRecords } from '../../../../responders/incident/breaker.ts';
import { answerFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail } from '../../../../responders/incident/records.ts';
import { aFunction, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { signedBy } from '../../../support/fakes/sts.ts';

const leave = { approved: false, by: 'anna', reason: 'a load test' };

const late1 = {
  ...{ execution: 'second', round: 1, by: 'bob', reason: 'it was real', approved: true },
};
type Late = typeof late1;

/** An incident whose question was answered with *leave*, and how to answer it late. */
const leftAlone = async (drill = false, answer = leave) => {
  const functions = new Map([
    ['orders', aFunction({ tags: { 'cordon:tier': 'critical', 'cordon:drill': 'allowed' } })],
  ]);
  const made = fakeDeps(aWorld({ functions }));
  const { deps, account } = made;
  const event = lambdaFinding();
  const { incidentId: id } = await containFinding({ event, execution: 'first', drill }, deps);
  await containAnswered(id, answer, deps);
  const attached = () => [...(account.world.roles.get('orders-role')?.attached ?? [])];
  const late = async (over: Partial<Late> = {}) => {
    const { head } = await readCase(deps.table, id);
    const { execution, approved, ...word } = { ...late1, ...over };
    const fields = answerFields({ ...head, round: word.round }, { contain: approved, ...word });
    const proof = await made.prove('answer', fields);
    const answer = { approved, ...word, proof, identity: signedBy(word.by, proof) };
    return { incidentId: id, execution, answer };
  };
  const contain = async (over: Partial<Late> = {}, change: object = {}) => {
    const { answer, ...input } = await late(over);
    return arrivedAnswer({ ...input, answer: { ...answer, ...change } }, deps);
  };
  return { ...made, id, attached, contain, read: () => readCase(deps.table, id) };
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
    expect(await breakerRecords(deps.table, deps.now(), 60)).toHaveLength(1);
  });

  it('also after nobody answered in time, and the release restores everything', async () => {
    const silence = { approved: false, by: 'policy', reason: 'nobody answered in time' };
    const { contain, attached, id, deps } = await leftAlone(false, silence);
    expect((await contain()).state).toBe('contained');

    const released = await release(
      { incidentId: id, by: 'anna', reason: 'clean', letSessionsLive: true },
      deps,
    );

    expect(released.released).toBe(true);
    expect(attached()).not.toContain(quarantine.role);
  });

  it.each([
    ['nobody answered in time: then it is a person’s no', 'policy', ['policy', 'bob']],
    ['a person said no before: then it changes nothing', 'anna', ['anna']],
  ])('a late no contains nothing, after %s', async (_what, by, answered) => {
    const first = { approved: false, by, reason: 'no answer, or a no' };
    const { contain, attached, read } = await leftAlone(false, first);

    expect(await contain({ approved: false })).toMatchObject({ next: 'none' });

    expect(attached()).not.toContain(quarantine.role);
    const { head } = await read();
    expect(head).toMatchObject({ state: 'notify-only', round: 1 });
    expect(head.answers?.map((answer) => answer.by)).toEqual(answered);
  });

  it('a retry of the execution goes on, and another answer changes nothing', async () => {
    const { contain, read } = await leftAlone();
    await contain();

    expect(await contain()).toMatchObject({ state: 'contained', next: 'respond', round: 2 });
    expect(await contain({ execution: 'third', round: 1 })).toMatchObject({ next: 'none' });

    expect((await read()).head).toMatchObject({ round: 2, execution: 'second' });
    expect((await read()).head.answers).toHaveLength(2);
  });

  it.each([
    ['no proof', { proof: '' }],
    ['no signature', { identity: undefined }],
    ['the word of another person', { by: 'mallory' }],
    ['another reason', { reason: 'another' }],
    ['another round', { round: 2 }],
    ['another decision', { approved: false }],
  ])('is refused with %s, and changes nothing', async (_name, change) => {
    const { contain, attached, read } = await leftAlone();

    expect(await contain({}, change)).toMatchObject({
      next: 'unbelieved',
      refused: { what: 'answer' },
    });

    expect(attached()).not.toContain(quarantine.role);
    expect((await read()).head).toMatchObject({ state: 'notify-only', round: 1 });
  });

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
});
