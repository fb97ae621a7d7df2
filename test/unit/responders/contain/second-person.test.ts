import { describe, expect, it } from 'vitest';
import { arrivedAnswer } from '../../../../responders/contain/arrived-answer.ts';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { release } from '../../../../responders/contain/release.ts';
import type { Settings } from '../../../../responders/decide/settings.ts';
import { update } from '../../../../responders/incident/case-table.ts';
import { answerFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { countedYeses } from '../../../../responders/incident/yeses.ts';
import { aFunction, aWorld, quarantine } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { signedBy } from '../../../support/fakes/sts.ts';

const iam = 'arn:aws:iam::111122223333';
const anna = `${iam}:user/anna`;
const bob = `${iam}:user/bob`;
const lead = (name: string): string => `arn:aws:sts::111122223333:assumed-role/Lead/${name}`;
const second = 'who signed it has approved before, and a second person must approve too';

/** A question about a critical function, and how people answer it. */
const asked = async (
  over: Partial<Settings> = {},
  tags: Readonly<Record<string, string>> = { 'cordon:tier': 'critical' },
) => {
  const functions = new Map([['orders', aFunction({ tags })]]);
  const made = fakeDeps(aWorld({ functions }), { twoPersons: 'critical', ...over });
  const { deps, account, clock, prove } = made;
  const arrive = (shape: Parameters<typeof lambdaFinding>[0] = {}, execution = 'first') =>
    containFinding({ event: lambdaFinding(shape), execution, drill: false }, deps);
  const { incidentId: id } = await arrive();
  const timeLimit = {
    askedAt: clock.at,
    endsAt: clock.at + 1_800_000,
    onTimeout: 'leave',
  } as const;
  await update(deps.table, id, { timeLimit });
  const head = async () => (await readCase(deps.table, id)).head;
  const answer = async (by: string, contain = true) => {
    const word = { contain, by, reason: `reason of ${by}` };
    const proof = await prove('answer', answerFields(await head(), word));
    return { approved: contain, by, reason: word.reason, proof, identity: signedBy(by, proof) };
  };
  const send = (given: unknown) => arrivedAnswer({ incidentId: id, answer: given }, deps);
  const say = async (by: string, contain = true) => send(await answer(by, contain));
  const late = async (by: string, execution: string, contain = true) => {
    const { round } = await head();
    const given = { ...(await answer(by, contain)), round };
    return arrivedAnswer({ incidentId: id, execution, answer: given }, deps);
  };
  const isDenied = () =>
    account.world.roles.get('orders-role')?.attached.has(quarantine.role) ?? false;
  return { ...made, id, arrive, head, answer, send, say, late, isDenied };
};

describe('where two persons must approve', () => {
  it('the first yes is kept and asks for a second; the second of another person contains', async () => {
    const { say, head, isDenied } = await asked();
    expect((await head()).proposal?.twoPersons).toBe(true);

    const first = await say(anna);
    expect(first).toMatchObject({ next: 'ask', state: 'awaiting-approval' });
    expect(first.refused).toBeUndefined();
    expect(isDenied()).toBe(false);
    expect(countedYeses(await head())).toMatchObject([{ by: anna, reason: `reason of ${anna}` }]);

    expect(await say(bob)).toMatchObject({ next: 'respond', state: 'contained' });
    expect(isDenied()).toBe(true);
    const { answers, decision } = await head();
    expect(answers).toMatchObject([
      { by: anna, contain: true },
      { by: bob, contain: true },
    ]);
    expect(decision.reason).toContain(`approved by ${bob}`);
    expect(decision.reason).toContain(`and by ${anna}`);
  });

  it.each([
    ['the same user', anna, anna],
    ['another session of the same role', lead('anna'), lead('bob')],
  ])('a second yes of %s is refused with one line', async (_what, one, other) => {
    const { say, isDenied } = await asked();
    await say(one);
    expect(await say(other)).toMatchObject({
      next: 'ask',
      refused: { what: 'answer', why: second },
    });
    expect(isDenied()).toBe(false);
  });

  it('a yes of who may use the key, but is none of those who may approve, is refused', async () => {
    const { say, isDenied } = await asked({ approvers: [anna, bob] });
    await say(anna);
    expect(await say(lead('eve'))).toMatchObject({ refused: { what: 'answer' } });
    expect(isDenied()).toBe(false);
    expect(await say(bob)).toMatchObject({ state: 'contained' });
  });

  it('the same answer again is the same yes, and refuses nobody', async () => {
    const { answer, send, head } = await asked();
    const first = await answer(anna);
    await send(first);
    const again = await send(first);
    expect([again.next, again.refused]).toEqual(['ask', undefined]);
    expect(countedYeses(await head())).toHaveLength(1);
  });

  it('a no of one person ends it', async () => {
    const { say, isDenied } = await asked();
    await say(anna);
    expect(await say(bob, false)).toMatchObject({ next: 'respond', state: 'notify-only' });
    expect(isDenied()).toBe(false);
  });

  it('one person is enough where the workload is not critical', async () => {
    const { say, isDenied } = await asked(
      { breaker: { limit: 0, limitOfType: 0, minutes: 60 } },
      {},
    );
    expect(await say(anna)).toMatchObject({ state: 'contained' });
    expect(isDenied()).toBe(true);
  });

  it('what has become critical since it was asked needs two as well', async () => {
    const { say, deps, head, isDenied } = await asked(
      { breaker: { limit: 0, limitOfType: 0, minutes: 60 } },
      {},
    );
    Object.assign(deps, { settings: { ...deps.settings, criticalTier: ['*:function:orders'] } });
    expect(await say(anna)).toMatchObject({ next: 'ask' });
    expect((await head()).proposal?.twoPersons).toBe(true);
    expect(isDenied()).toBe(false);
    expect(await say(bob)).toMatchObject({ state: 'contained' });
  });
});

describe('an earlier yes does not count', () => {
  it('after a new revision of the finding, and cannot be sent again', async () => {
    const { answer, send, say, arrive, isDenied } = await asked();
    const first = await answer(anna);
    await send(first);
    await arrive({ updatedAt: '2026-11-21T10:15:00.000Z' }, 'second');

    expect(await send(first)).toMatchObject({
      refused: { why: 'its proof was made for something else' },
    });
    expect(await say(bob)).toMatchObject({ next: 'ask' });
    expect(isDenied()).toBe(false);
    expect(await say(anna)).toMatchObject({ state: 'contained' });
  });

  it('after the question was asked again, and cannot be sent again', async () => {
    const { answer, send, say, deps, id, clock, isDenied } = await asked();
    const first = await answer(anna);
    await send(first);
    clock.at += 1_000;
    await update(deps.table, id, { yesesSince: clock.at });

    expect(await send(first)).toMatchObject({ refused: { what: 'answer' } });
    expect(await say(bob)).toMatchObject({ next: 'ask' });
    expect(isDenied()).toBe(false);
  });

  it('after nobody answered in time: then two persons contain it late', async () => {
    const { send, say, late, clock, isDenied } = await asked();
    await say(anna);
    clock.at += 1_800_000;
    expect(await send({ silent: true })).toMatchObject({ state: 'unanswered' });

    expect(await late(bob, 'second')).toMatchObject({ next: 'remind', state: 'unanswered' });
    expect(isDenied()).toBe(false);
    expect(await late(bob, 'third')).toMatchObject({
      next: 'unbelieved',
      refused: { why: second },
    });
    expect(await late(anna, 'fourth')).toMatchObject({ state: 'contained', round: 2 });
    expect(isDenied()).toBe(true);
  });

  it('after a person’s no: a late yes is a first one again', async () => {
    const { say, late, isDenied } = await asked();
    await say(anna);
    await say(bob, false);
    expect(await late(bob, 'second')).toMatchObject({ next: 'none', state: 'notify-only' });
    expect(isDenied()).toBe(false);
    expect(await late(anna, 'third')).toMatchObject({ state: 'contained' });
  });

  it('after a release: the next round asks two persons anew', async () => {
    const { say, arrive, head, deps, id, clock, isDenied } = await asked();
    await say(anna);
    await say(bob);
    await release({ incidentId: id, by: anna, reason: 'clean', letSessionsLive: true }, deps);
    clock.at += 2 * 3_600_000;
    const at = new Date(clock.at).toISOString();
    await arrive({ updatedAt: at, lastSeen: at }, 'second');

    expect(await head()).toMatchObject({ state: 'awaiting-approval', round: 2 });
    expect(countedYeses(await head())).toEqual([]);
    expect(await say(bob)).toMatchObject({ next: 'ask' });
    expect(isDenied()).toBe(false);
  });
});
