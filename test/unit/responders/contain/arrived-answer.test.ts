import { describe, expect, it } from 'vitest';
import { containAnswered } from '../../../../responders/contain/answer.ts';
import { arrivedAnswer } from '../../../../responders/contain/arrived-answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { answerFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { saveMail } from '../../../../responders/incident/records.ts';
import { aFunction, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { signedBy } from '../../../support/fakes/sts.ts';

const anna = 'arn:aws:iam::111122223333:user/anna';
const halfAnHour = 1_800_000;

/** An incident that waits for an answer, and how to answer it. */
const waiting = async (onTimeout: 'leave' | 'contain' = 'leave') => {
  const functions = new Map([['orders', aFunction({ tags: { 'cordon:tier': 'critical' } })]]);
  const made = fakeDeps(aWorld({ functions }), { onTimeout });
  const { deps, account, clock, prove } = made;
  const arrival = { event: lambdaFinding(), execution: 'first', drill: false };
  const { incidentId: id } = await containFinding(arrival, deps);
  const timeLimit = { askedAt: clock.at, endsAt: clock.at + halfAnHour, onTimeout };
  await update(deps.table, id, { timeLimit });
  const read = async () => (await readCase(deps.table, id)).head;
  const proven = async (contain: boolean, by = anna) => {
    const word = { contain, by, reason: 'it is real' };
    const proof = await prove('answer', answerFields(await read(), word));
    return { approved: contain, by, reason: word.reason, proof, identity: signedBy(by, proof) };
  };
  const send = (answer: unknown) => arrivedAnswer({ incidentId: id, answer }, deps);
  const isDenied = () => account.world.roles.get('orders-role')?.attached.has(quarantine.role);
  return { ...made, id, read, proven, send, isDenied };
};

describe('an answer by the token of the question', () => {
  it('contains with its proof, under the name that AWS gives', async () => {
    const { send, proven, read, isDenied } = await waiting();

    expect(await send(await proven(true))).toMatchObject({ state: 'contained', next: 'respond' });

    expect(isDenied()).toBe(true);
    expect((await read()).answers).toMatchObject([{ by: anna, contain: true }]);
  });

  it('that the execution of the question itself brings is a retry, and answers nothing', async () => {
    const { id, deps, proven, read } = await waiting();
    const answer = await proven(true);
    const brought = await arrivedAnswer({ incidentId: id, answer, execution: 'first' }, deps);
    expect(brought).toMatchObject({ state: 'awaiting-approval' });
    expect((await read()).answers).toBeUndefined();
  });

  it('of a person that says no leaves the workload alone', async () => {
    const { send, proven } = await waiting();
    expect(await send(await proven(false))).toMatchObject({ state: 'notify-only' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'yes'],
    ['a list', [true]],
    ['a yes without a proof', { approved: true, by: anna, reason: 'it is real' }],
    ['a yes of the time limit', { approved: true, by: 'policy', reason: 'nobody answered' }],
    ['a no of the time limit', { approved: false, by: 'policy', reason: 'nobody answered' }],
    ['silence before its time', { silent: true }],
    ['a proof that is an object', { approved: true, by: anna, reason: 'x', proof: { a: 1 } }],
  ])('that is %s changes nothing, and the question stays', async (_what, answer) => {
    const { send, read, isDenied } = await waiting();

    expect(await send(answer ?? null)).toMatchObject({ next: 'ask', state: 'awaiting-approval' });

    expect(isDenied()).toBe(false);
    expect((await read()).answers ?? []).toEqual([]);
  });

  it.each([
    ['the other decision', { approved: false }],
    ['another person', { by: 'arn:aws:iam::111122223333:user/eve' }],
    ['another reason', { reason: 'because' }],
    ['another round', { round: 2 }],
    ['no signature', { identity: undefined }],
    ['the signature of another decision', { identity: { arn: anna, digest: 'x' } }],
  ])('with a proof for %s is refused', async (_what, change) => {
    const { send, proven, isDenied } = await waiting();
    const refused = await send({ ...(await proven(true)), ...change });
    expect(refused).toMatchObject({ next: 'ask', refused: { what: 'answer' } });
    expect(isDenied()).toBe(false);
  });

  it('to a question that reads differently now is refused', async () => {
    const { send, proven, deps, id } = await waiting();
    const answer = await proven(true);
    const suspect = {
      kind: 'function',
      functionName: 'payments',
      roleName: 'payments-role',
      sharing: 'sole',
    } as const;
    await update(deps.table, id, { suspect });
    expect(await send(answer)).toMatchObject({
      refused: { why: 'its proof was made for something else' },
    });
  });

  it.each([
    'arn:aws:sts::111122223333:assumed-role/orders-role/orders',
    'arn:aws:sts::111122223333:assumed-role/orders-role/anna',
  ])('of the suspect itself is refused: %s', async (by) => {
    const { send, proven } = await waiting();
    expect(await send(await proven(false, by))).toMatchObject({
      refused: { why: 'who signed it belongs to what the incident is about' },
    });
  });

  it('of a session of the release role is refused: anybody may name it', async () => {
    const { send, proven } = await waiting();
    const by = 'arn:aws:sts::111122223333:assumed-role/CordonApproveRole/anna';
    expect(await send(await proven(true, by))).toMatchObject({
      refused: { why: expect.stringContaining('by a role of Cordon') },
    });
  });

  it('that is sent twice contains once', async () => {
    const { send, proven, read } = await waiting();
    const answer = await proven(true);
    await send(answer);
    expect(await send(answer)).toMatchObject({ state: 'contained' });
    expect((await read()).answers).toHaveLength(1);
  });
});

describe('an answer that the question does not wait for', () => {
  it('of the same person, with other words, is none after the first', async () => {
    const { send, proven, read } = await waiting();
    await send(await proven(true));
    expect(await send(await proven(false))).toMatchObject({ state: 'contained' });
    expect((await read()).answers).toHaveLength(1);
  });

  it('contains nothing after the release, by the token or in an execution of its own', async () => {
    const { id, deps, send, proven, read, isDenied } = await waiting();
    await send(await proven(true));
    const asked = { incidentId: id, by: anna, reason: 'clean', letSessionsLive: true };
    expect((await release(asked, deps)).released).toBe(true);

    const answer = { ...(await proven(true)), round: 1 };
    expect(await send(answer)).toMatchObject({ state: 'released' });
    const own = { incidentId: id, answer, execution: 'second' };
    expect(await arrivedAnswer(own, deps)).toMatchObject({ state: 'released', next: 'none' });

    expect(isDenied()).toBe(false);
    expect((await read()).answers).toHaveLength(1);
  });

  it('contains nothing in an execution of its own that names no round', async () => {
    const { id, deps, proven, isDenied } = await waiting();
    const input = { incidentId: id, answer: await proven(true), execution: 'second' };
    expect(await arrivedAnswer(input, deps)).toMatchObject({
      ...{ state: 'awaiting-approval', next: 'none' },
    });
    expect(isDenied()).toBe(false);
  });

  it('made before a revision of the finding still answers the question, which is the same', async () => {
    const { deps, send, proven, read, isDenied } = await waiting();
    const answer = await proven(true);
    const event = lambdaFinding({ updatedAt: '2026-11-21T10:15:00.000Z' });
    await containFinding({ event, execution: 'second', drill: false }, deps);
    expect(await read()).toMatchObject({ state: 'awaiting-approval', finding: { revisions: 2 } });
    expect(isDenied()).toBe(false);

    expect(await send(answer)).toMatchObject({ state: 'contained' });
    expect((await read()).answers).toMatchObject([{ by: anna, contain: true }]);
  });
});

describe('an answer that was believed', () => {
  const yes = { approved: true, by: anna, reason: 'it is real' };

  it('goes on where its execution was ended, and changes nothing afterwards', async () => {
    const { id, deps, isDenied, account, read } = await waiting();
    await containAnswered(id, yes, deps);
    account.world.roles.get('orders-role')?.attached.delete(quarantine.role);
    await update(deps.table, id, { state: 'open' });

    expect(await containAnswered(id, yes, deps)).toMatchObject({ state: 'contained' });
    expect(isDenied()).toBe(true);
    expect(await containAnswered(id, { ...yes, approved: false }, deps)).toMatchObject({
      state: 'contained',
    });
    expect((await read()).answers).toHaveLength(1);
  });
});

describe('silence', () => {
  const asked = async (onTimeout?: 'leave' | 'contain') => {
    const made = await waiting(onTimeout);
    await saveMail(made.deps.table, made.id, { kind: 'ask', subject: 'x', at: 1, round: 1 });
    return made;
  };

  it('is judged by the clock of the function', async () => {
    const { send, clock } = await asked();
    clock.at += halfAnHour - 60_000;
    const { next, askSeconds, refused } = await send({ silent: true });
    expect([next, refused?.what]).toEqual(['ask', 'silence']);
    expect(askSeconds).toBe(60);
  });

  it('is no person’s no: the question stays open', async () => {
    const { send, clock, isDenied } = await asked();
    clock.at += halfAnHour;
    expect(await send({ silent: true })).toMatchObject({
      state: 'unanswered',
      next: 'respond',
      decision: { reason: 'left alone by policy: nobody answered in time' },
    });
    expect(isDenied()).toBe(false);
  });

  it('contains where the configuration says so', async () => {
    const { send, clock, isDenied } = await asked('contain');
    clock.at += halfAnHour;
    expect(await send({ silent: true })).toMatchObject({ state: 'contained' });
    expect(isDenied()).toBe(true);
  });

  it('after a question that was never sent says so', async () => {
    const { send, clock } = await waiting();
    clock.at += halfAnHour;
    expect(await send({ silent: true })).toMatchObject({
      state: 'unanswered',
      decision: { reason: 'left alone by policy: the question could not be asked' },
    });
  });
});
