import { afterAll, beforeAll, expect, it } from 'vitest';
import { growth } from '../../../tools/bench/flood-lines.ts';
import { type Aftermath, aftermath } from '../../../tools/bench/flood-outcome.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';

/**
 * A tenth of what `npm run bench` sends (500 findings in 10 s on 100 roles): the same rate, on what
 * two cores can carry in a test.
 */
const plan = { findings: 50, roles: 10, seconds: 1, repeats: 0.3 };

let cordon: OwnDeployed;
let after: Aftermath;
beforeAll(async () => {
  cordon = await deployed();
  after = await aftermath(
    cordon.engine,
    Object.assign({}, ...Object.values(cordon.outputs)),
    plan,
    { withinMs: 1_200_000 },
  );
}, 2_600_000);
afterAll(() => cordon?.engine.stop());

it('sends 50 findings, 15 of them repeats (a tenth of the flood that the bench sends)', () => {
  expect([after.sent.events, after.sent.distinct.length]).toEqual([50, 35]);
});

it('loses none: every finding has one incident with one claim, and no letter is dead', () => {
  expect({
    lost: after.lost,
    duplicates: after.duplicates,
    claims: after.claims,
    deadLetters: after.deadLetters,
  }).toEqual({
    lost: [],
    duplicates: 0,
    claims: 35,
    deadLetters: 0,
  });
});

it('contains every role, or asks a person where the engine did not answer in time', () => {
  const { contained = 0, 'awaiting-approval': asked = 0, ...others } = after.states;
  expect({ others, answered: contained + asked }).toEqual({ others: {}, answered: 35 });
  expect(
    after.reasons.filter((reason) => !/^could not judge: .* \(DeadlineError: /.test(reason)),
  ).toEqual([]);
  expect(after.unheld).toEqual({});
  expect(after.unquarantined.length).toBeLessThanOrEqual(asked);
  expect(contained).toBeGreaterThan(asked);
});

it('drains: every execution ends well, waits for a person, or has told its notice without the notifier', () => {
  const { SUCCEEDED = 0, RUNNING = 0, FAILED = 0, ...others } = after.executions;
  const why = Object.keys(after.setbacks).filter((what) => what.startsWith('execution failed'));
  expect({ others, ended: SUCCEEDED + RUNNING + FAILED }).toEqual({ others: {}, ended: 50 });
  expect(RUNNING).toBe(after.states['awaiting-approval'] ?? 0);
  expect(why.filter((what) => !what.startsWith('execution failed: NotifierFailed'))).toEqual([]);
});

it('costs a finding no more at the end than at the beginning, and the engine stays below 1 GB', () => {
  expect(growth(after)).toBeLessThan(2);
  expect(after.memory.after).toBeLessThan(1_000);
});
