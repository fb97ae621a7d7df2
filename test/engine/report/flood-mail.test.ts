import { afterAll, beforeAll, expect, it } from 'vitest';
import { mailFlood, type Told } from '../../../tools/bench/mail-flood.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';

/**
 * A tenth of what `npm run bench` sends (1,000 findings in 10 s): the same rate, in the time that a
 * test may take.
 */
const plan = { findings: 100, seconds: 1, withinMs: 400_000 };

let cordon: OwnDeployed;
let told: Told;
beforeAll(async () => {
  cordon = await deployed();
  told = await mailFlood(cordon.engine, Object.assign({}, ...Object.values(cordon.outputs)), plan);
  process.stdout.write(
    `${told.incidents} findings in ${told.mails} mails, ` +
      `the last after ${Math.round(told.lastMs / 1_000)} s\n`,
  );
});
afterAll(() => cordon?.engine.stop());

it('every finding is an incident, and every incident is named in a mail and remembers it', () => {
  const { incidents, unreported, forgotten, asked } = told;
  expect({ incidents, unreported, forgotten, asked }).toEqual({
    incidents: 100,
    unreported: [],
    forgotten: [],
    asked: 10,
  });
});

it('at most one mail a second goes out, each of at most 8 KB and what SNS adds', () => {
  expect(told.shortestGapMs).toBeGreaterThanOrEqual(1_000);
  expect(told.longestBody).toBeLessThanOrEqual(8_192 + 600);
});

it('there are digests, in which those who must decide stand first', () => {
  expect(told.mails).toBeLessThan(told.incidents / 2);
  expect(told.disordered).toBe(0);
});

it('nothing waits any more, and nothing went past the notifier', () => {
  expect({ waiting: told.waiting, past: told.past }).toEqual({ waiting: 0, past: 0 });
});
