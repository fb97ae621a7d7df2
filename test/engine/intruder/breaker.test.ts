// Row 14: cheap findings open the breaker, and the real attack is contained all the same.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { injectEvent } from '../../../operator/inject.ts';
import type { Case } from '../../../responders/incident/case.ts';
import { findingAbout } from '../../../tools/bench/findings.ts';
import { borrowed } from '../../support/engine/deployed.ts';
import { withSettings } from '../../support/engine/settings.ts';
import { makeFunction, makeRole } from '../../support/engine/workload.ts';
import { awaited, type Desk, deskOf, mailsWith } from './case.ts';
import { expectEvidence, expectNoEvidence } from './evidence.ts';

/** No other file contains for this type on the shared engine. */
const type = 'CryptoCurrency:Lambda/BitcoinTool.B';
const quota = 3;

let desk: Desk;
let putBack: () => Promise<void>;
beforeAll(async () => {
  const cordon = await borrowed();
  desk = await deskOf(cordon);
  putBack = await withSettings(cordon, 'ContainmentLambda', {
    breaker: { limit: 1_000, limitOfType: quota, minutes: 60 },
  });
});
afterAll(() => putBack());

/** A finding about a new function, followed to its decision. */
const find = async (functionName: string, severity: number): Promise<Case> => {
  const roleName = `${functionName}-role`;
  const roleArn = await makeRole(desk.cordon, roleName);
  await makeFunction(desk.cordon, functionName, roleArn);
  const about = findingAbout({ functionName, roleName, roleArn }, randomUUID().replaceAll('-', ''));
  const detail = { ...about, type, severity };
  const event = { detailType: 'GuardDuty Finding', detail };
  const injected = await injectEvent(desk.place, desk.table, 'default', event, { within: 120_000 });
  if ('refused' in injected) throw new Error(injected.refused);
  // Mails that wait for one another become one that has no details.
  return awaited(desk, injected.incident.head.id, 'told', ({ mails }) => mails.length > 0);
};

it('row 14: ten cheap findings hold one another back, and not the critical one', async () => {
  const cheap: Case[] = [];
  for (let index = 0; index < 10; index += 1) cheap.push(await find(`cheap-${index}`, 8));
  const states = cheap.map(({ head }) => head.state);
  expect(states.slice(0, quota)).toEqual(Array.from({ length: quota }, () => 'contained'));
  expect(states.slice(quota)).toEqual(
    Array.from({ length: 10 - quota }, () => 'awaiting-approval'),
  );

  const [first, ...held] = cheap.slice(quota).map(({ head }) => head);
  expect(first?.proposal?.heldBack).toEqual({
    contained: cheap.slice(0, quota).map(({ head }) => head.id),
    others: [],
  });
  expect(held.at(-1)?.proposal?.heldBack?.others).toContain(first?.id);
  const [mail] = await mailsWith(desk, held.at(-1)?.id ?? '', 'by the circuit breaker');
  expect(mail?.body).toContain(first?.id ?? 'no incident');

  const real = await find('real-theft', 9);
  expect(real.head.state).toBe('contained');
  expect(real.head.decision.reason).toContain('it passes the circuit breaker, which holds back');
  const [flash] = await mailsWith(desk, real.head.id, 'which holds back');
  expect(flash?.body).toContain(first?.id ?? 'no incident');
  await expectEvidence(desk, real.head.id, 'function/configuration.json');
  await expectNoEvidence(desk, first?.id ?? '', {
    detail: expect.objectContaining({ id: first?.finding.id }),
  });
});
