import { expect, it } from 'vitest';
import { containFinding } from '../../../../responders/contain/containment.ts';
import { observedSince } from '../../../../responders/incident/observed.ts';
import { observedLetter, tellObserved } from '../../../../responders/report/observed-mail.ts';
import { aFunction, aWorld } from '../../../support/fakes/account.ts';
import { fakeDeps } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { office } from '../../../support/responders/report/office.ts';

const week = 7 * 86_400_000;
const about = { account: '111122223333', show: String, scope: { aws: true } };

/** An account in which everything is observed, and what was found in it. */
const observing = async () => {
  const functions = new Map([
    ['orders', aFunction()],
    ['payments', aFunction({ tags: { 'cordon:tier': 'critical' } })],
  ]);
  const observe = { everything: true, types: [], tags: [] };
  const { deps, clock } = fakeDeps(aWorld({ functions }), { observe });
  const find = (functionName: string, drill = false) =>
    containFinding(
      {
        event: lambdaFinding({ id: `f-${functionName}-${drill}`, functionName }),
        execution: functionName,
        drill,
      },
      deps,
    );
  return { deps, clock, find };
};

it('tells what it would have contained, and what it would have asked about', async () => {
  const { deps, clock, find } = await observing();
  const { incidentId: contained } = await find('orders');
  const { incidentId: asked } = await find('payments');

  const heads = await observedSince(deps.table, clock.at - week);
  const { subject, body } = observedLetter(heads, about);
  expect(subject).toBe('Cordon in observe mode: 1 containment and 1 question it would have made');
  expect(body).toContain(`- ${contained} would contain: Backdoor:Lambda/C&CActivity.B`);
  expect(body).toContain(`- ${asked} would ask: Backdoor:Lambda/C&CActivity.B`);
  expect(body).toContain('cordon:tier=critical');
});

it('tells nothing of drills, of older incidents, and of what was only told', async () => {
  const { deps, clock, find } = await observing();
  await find('orders', true);
  const observe = { everything: false, types: [], tags: [] };
  const never = [{ arn: '*:function:payments', because: 'the way back in' }];
  Object.assign(deps, { settings: { ...deps.settings, observe, neverContain: never } });
  await find('payments');
  expect(await observedSince(deps.table, clock.at - week)).toEqual([]);

  Object.assign(deps, {
    settings: { ...deps.settings, observe: { ...observe, everything: true } },
  });
  await find('orders');
  expect(await observedSince(deps.table, clock.at - week)).toHaveLength(1);
  expect(await observedSince(deps.table, clock.at + 1)).toEqual([]);
});

it('is mailed once a week, and not where there is nothing to say', async () => {
  const { deps, clock: casesClock, find } = await observing();
  await find('orders');
  const { post, published, clock } = office();
  clock.at = casesClock.at;
  const tell = () => tellObserved({ post, cases: deps.table, ...about });
  await tell();
  expect(published).toHaveLength(1);
  clock.at += week / 2;
  await tell();
  expect(published).toHaveLength(1);
  clock.at += week;
  await tell();
  expect(published).toHaveLength(1);

  casesClock.at = clock.at;
  await find('payments');
  clock.at += week;
  await tell();
  expect(published.at(-1)?.letter.subject).toContain('0 containments and 1 question');
});

it('stays below what SNS takes, whatever was found', async () => {
  const { deps, find, clock } = await observing();
  await find('orders');
  const [head] = await observedSince(deps.table, clock.at - week);
  if (!head) throw new Error('nothing was observed');
  const decision = { ...head.decision, reason: 'x'.repeat(5_000) };
  const many = Array.from({ length: 300 }, () => ({ ...head, decision }));
  const show = (text: string, limit = 200): string => text.slice(0, limit);
  const { body } = observedLetter(many, { ...about, show });
  expect(body.length).toBeLessThan(8_000);
  expect(body).toContain('- and 280 more: "cordon incidents --state notify-only"');
});
