import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Aftermath, aftermath } from '../../../tools/bench/flood-outcome.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';

/**
 * A part of what `npm run bench` sends (500 findings in 10 s on 100 roles): the same rate, on what
 * two cores can carry in a test.
 */
const plan = { findings: 30, roles: 6, seconds: 0.6, repeats: 0.3 };

let cordon: OwnDeployed;
let after: Aftermath;
beforeAll(async () => {
  cordon = await deployed();
  after = await aftermath(
    cordon.engine,
    Object.assign({}, ...Object.values(cordon.outputs)),
    plan,
    { warm: 3, withinMs: 1_200_000 },
  );
}, 2_600_000);
afterAll(() => cordon?.engine.stop());

it('sends 30 findings, 9 of them repeats, at the rate of the flood that the bench sends', () => {
  expect([after.sent.events, after.sent.distinct.length]).toEqual([30, 21]);
});

it('loses none: every finding has one incident with one claim, and no letter is dead', () => {
  const { lost, claims, deadLetters, duplicates } = after;
  expect({ lost, deadLetters, claims: claims - duplicates }).toEqual({
    lost: [],
    deadLetters: 0,
    claims: 21,
  });
  // A finding whose proof was not read in time has a claim of its own beside a proven one.
  expect(duplicates).toBeLessThanOrEqual(after.states['notify-only'] ?? 0);
});

it('contains every role, or says of which fact the engine did not answer in time', () => {
  const { contained = 0, ...others } = after.states;
  const { 'awaiting-approval': asked = 0, 'notify-only': told = 0, ...more } = others;
  expect({ more, ended: contained + asked + told }).toEqual({
    more: {},
    ended: 21 + after.duplicates,
  });
  expect(
    after.reasons.filter((reason) => !/^could not judge: .* \(DeadlineError: /.test(reason)),
  ).toEqual([]);
  expect(after.unheld).toEqual({});
  expect(after.unquarantined.length).toBeLessThanOrEqual(asked + told);
  expect(contained).toBeGreaterThan(0);
});

it('drains: every execution ends well, waits for a person, or has told its notice without the notifier', () => {
  const { SUCCEEDED = 0, RUNNING = 0, FAILED = 0, ...others } = after.executions;
  const why = Object.keys(after.setbacks).filter((what) => what.startsWith('execution failed'));
  expect({ others, ended: SUCCEEDED + RUNNING + FAILED }).toEqual({ others: {}, ended: 30 });
  expect(RUNNING).toBe(after.states['awaiting-approval'] ?? 0);
  expect(why.filter((what) => !what.startsWith('execution failed: NotifierFailed'))).toEqual([]);
});

it('leaves the engine below 1 GB; the bench says what a finding costs at the end', () => {
  expect(after.memory.after).toBeLessThan(1_000);
});
