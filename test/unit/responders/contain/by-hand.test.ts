import { describe, expect, it } from 'vitest';
import { arrivedAnswer } from '../../../../responders/contain/arrived-answer.ts';
import { containByHand } from '../../../../responders/contain/by-hand.ts';
import { release } from '../../../../responders/contain/release.ts';
import type { Settings } from '../../../../responders/decide/settings.ts';
import { breakerRecords } from '../../../../responders/incident/breaker.ts';
import { proofMs } from '../../../../responders/incident/proof.ts';
import { answerFields } from '../../../../responders/incident/proven-fields.ts';
import { readCase } from '../../../../responders/incident/read-case.ts';
import { type Wish, wishFields } from '../../../../responders/incident/wish.ts';
import {
  accountId,
  aFunction,
  aWorld,
  functionArn,
  quarantine,
} from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { signedBy } from '../../../support/fakes/sts.ts';

const anna = `arn:aws:iam::${accountId}:user/anna`;
const orders = functionArn('orders');

/** A person at the command, and what became of the function `orders`. */
const desk = (over: Partial<Settings> = {}, tags: Readonly<Record<string, string>> = {}) => {
  const made = fakeDeps(aWorld({ functions: new Map([['orders', aFunction({ tags })]]) }), over);
  const { deps, account, clock, prove } = made;
  const wish = (change: Partial<Wish> = {}): Wish => ({
    ...{ target: orders, by: anna, reason: 'it mines', at: clock.at, nonce: 'one' },
    ...change,
  });
  const proven = async (said: Wish) => {
    const proof = await prove('contain', wishFields(said));
    return { ...said, proof, identity: signedBy(said.by, proof) };
  };
  const bring = (byHand: unknown, execution = 'first') =>
    containByHand({ byHand }, execution, deps);
  const ask = async (change: Partial<Wish> = {}) => {
    const done = await bring(await proven(wish(change)));
    if (done.incidentId === null) throw new Error(done.refused.why);
    return done;
  };
  const isDenied = () =>
    account.world.roles.get('orders-role')?.attached.has(quarantine.role) ?? false;
  return { ...made, wish, proven, bring, ask, isDenied };
};

describe('a containment that a person asks for', () => {
  it('contains the function, says who asked and why, and is released like any other', async () => {
    const { ask, isDenied, deps } = desk();

    const { incidentId, state, next } = await ask();
    expect([state, next, isDenied()]).toEqual(['contained', 'respond', true]);
    const { head, findings } = await readCase(deps.table, incidentId);
    expect(head).toMatchObject({
      byHand: { by: anna, reason: 'it mines' },
      drill: false,
      decision: { kind: 'contain', reason: expect.stringContaining(`asked for by ${anna}`) },
      suspect: { kind: 'function', functionName: 'orders' },
    });
    expect(findings).toHaveLength(1);

    const released = { incidentId, by: anna, reason: 'clean', letSessionsLive: true };
    expect((await release(released, deps)).released).toBe(true);
    expect(isDenied()).toBe(false);
  });

  it('neither uses the circuit breaker up, nor is held back by it', async () => {
    const { ask, deps } = desk({ breaker: { limit: 0, limitOfType: 0, minutes: 60 } });
    expect(await ask()).toMatchObject({ state: 'contained' });
    expect(await breakerRecords(deps.table, deps.now(), 60)).toEqual([]);
  });

  it('is contained whatever severity and types the configuration contains', async () => {
    const because = { because: 'a load test', owner: 'shop', until: Date.parse('2027-01-01') };
    const suppressions = [{ arn: orders, ...because }];
    const { ask } = desk({
      minSeverity: 10,
      findingTypes: [{ type: '*', contain: 'never' }],
      suppressions,
    });
    expect(await ask()).toMatchObject({ state: 'contained' });
  });

  it('changes nothing in observe mode', async () => {
    const { ask, isDenied } = desk({ observe: { everything: true, types: [], tags: [] } });
    await ask();
    expect(isDenied()).toBe(false);
  });
});

describe('the walls of the policy stand', () => {
  it('before what must never be contained', async () => {
    const { ask, isDenied } = desk({ neverContain: [{ arn: orders, because: 'the way back in' }] });
    expect(await ask()).toMatchObject({
      state: 'notify-only',
      decision: { reason: 'never contained: the way back in' },
    });
    expect(isDenied()).toBe(false);
  });

  it.each([
    ['another account', functionArn('orders').replace(accountId, '999999999999')],
    ['another region', functionArn('orders').replace('eu-west-1', 'eu-north-1')],
    ['a function that does not exist', functionArn('none')],
    ['a user that does not exist', `arn:aws:iam::${accountId}:user/none`],
    ['a role that does not exist', `arn:aws:sts::${accountId}:assumed-role/none/x`],
    ['something else', `arn:aws:s3:::${accountId}:bucket`],
  ])('before %s: it is recorded and told, and nothing is changed', async (_what, target) => {
    const { ask, isDenied } = desk();
    expect(await ask({ target })).toMatchObject({ state: 'notify-only', next: 'respond' });
    expect(isDenied()).toBe(false);
  });

  it('before the critical tier where two must approve: they are asked, and may answer', async () => {
    const { ask, isDenied, deps, prove } = desk(
      { twoPersons: 'critical' },
      { 'cordon:tier': 'critical' },
    );
    const { incidentId: id, next } = await ask();
    expect([next, isDenied()]).toEqual(['ask', false]);
    const say = async (by: string) => {
      const { head } = await readCase(deps.table, id);
      const word = { contain: true, by, reason: 'yes' };
      const proof = await prove('answer', answerFields(head, word));
      const answer = { approved: true, by, reason: 'yes', proof, identity: signedBy(by, proof) };
      return arrivedAnswer({ incidentId: id, answer }, deps);
    };
    expect(await say(anna)).toMatchObject({ next: 'ask' });
    expect(await say(`${anna}2`)).toMatchObject({ state: 'contained' });
    expect(isDenied()).toBe(true);
  });

  it('no more before a critical workload where one person decides', async () => {
    const { ask } = desk({}, { 'cordon:tier': 'critical' });
    expect(await ask()).toMatchObject({ state: 'contained' });
  });
});

describe('a wish is refused, and contains nothing,', () => {
  it.each([
    ['without a proof', { proof: undefined }],
    ['about another target than its proof', { target: functionArn('payments') }],
    ['of another person', { by: `${anna}2` }],
    ['with another reason', { reason: 'because' }],
    ['with another nonce', { nonce: 'two' }],
    ['that nobody has signed', { identity: undefined }],
    ['with the signature of another decision', { identity: { arn: anna, digest: 'x' } }],
    ['without a moment', { at: 'now' }],
    ['that is no text', { target: {} }],
  ])('%s', async (_what, change) => {
    const { bring, proven, wish, isDenied } = desk();
    const refused = await bring({ ...(await proven(wish())), ...change });
    expect(refused).toMatchObject({
      incidentId: null,
      next: 'unbelieved',
      refused: { what: 'wish' },
    });
    expect(isDenied()).toBe(false);
  });

  it.each(['answer', 'release', 'drill'] as const)(
    'with a proof that was made for: %s',
    async (purpose) => {
      const { bring, prove, wish, isDenied } = desk();
      const said = wish();
      const proof = await prove(purpose, wishFields(said));
      const refused = await bring({ ...said, proof, identity: signedBy(anna, proof) });
      expect(refused).toMatchObject({ refused: { what: 'wish' } });
      expect(isDenied()).toBe(false);
    },
  );

  it('that is stale', async () => {
    const { bring, proven, wish, clock, isDenied } = desk();
    const byHand = await proven(wish());
    clock.at += proofMs + 10 * 60_000;
    expect(await bring(byHand)).toMatchObject({ refused: { what: 'wish' } });
    expect(isDenied()).toBe(false);
  });

  it('that another execution brings again, after its release too', async () => {
    const { bring, proven, wish, deps, isDenied } = desk();
    const byHand = await proven(wish());
    const first = await bring(byHand);
    const incidentId = first.incidentId ?? '';
    await release({ incidentId, by: anna, reason: 'clean', letSessionsLive: true }, deps);

    expect(await bring(byHand, 'second')).toMatchObject({
      refused: { why: expect.stringContaining('it is a copy') },
    });
    expect(isDenied()).toBe(false);
  });
});

it('a retry of its execution goes on with its incident', async () => {
  const { bring, proven, wish } = desk();
  const byHand = await proven(wish());
  const first = await bring(byHand);
  expect(await bring(byHand)).toMatchObject({ incidentId: first.incidentId, state: 'contained' });
});
