import { expect, it } from 'vitest';
import type { QueuedNotice } from '../../../../responders/report/digest.ts';
import { headlineOf, webhookNotice } from '../../../../responders/report/headline.ts';
import { send } from '../../../../responders/report/outbox.ts';
import { notice, office } from '../../../support/responders/report/office.ts';

const id = 'inc-20261121-7f3k2m8q';
const told = (kind: string, subject: string, incident = id): QueuedNotice => ({
  ...{ kind, subject, incident, round: 1, at: 1 },
  body: 'What:  http://evil.example AKIAQQQQQQQQQQQQQQQQ\n',
});

it.each([
  ['ask', `Cordon DECISION NEEDED HIGH awaiting-approval: ${id}, orders`, 'decision-needed'],
  ['flash', `Cordon HIGH contained: ${id}, orders`, 'contained'],
  ['flash', `Cordon HIGH not-contained: ${id}, orders`, 'not-contained'],
  ['report2', `Cordon report 2 CRITICAL partial: ${id}, orders`, 'not-contained'],
  ['hold', `Cordon containment check HIGH contested: ${id}, orders`, 'contested'],
  ['release', `Cordon release HIGH released: ${id}, orders`, 'released'],
  ['flash', `Cordon HIGH notify-only: ${id}, contained: x`, 'no-action'],
  ['flash', `Cordon recorded only: ${id}, Recon:X`, 'recorded'],
  ['flash', `Cordon FORGED finding: ${id}, a contained: one`, 'forged'],
  ['refused', `Cordon: a release was refused: ${id}`, 'refused'],
  ['drill', `[DRILL] Cordon drill passed: ${id}`, 'drill-result'],
])('%s with "%s" is of the class %s', (kind, subject, wanted) => {
  expect(headlineOf(told(kind, subject))).toEqual({
    class: wanted,
    incident: id,
    drill: subject.startsWith('[DRILL]'),
  });
});

it.each([
  ['tamper', 'Cordon itself was CHANGED', 'cordon-changed'],
  ['check', 'Cordon itself differs from what was deployed: 2 differences', 'cordon-differs'],
  ['check', "Cordon's configuration: 1 entry expired", 'configuration'],
  ['heartbeat', 'Cordon: the heartbeat FAILED: the canary was NOT DENIED', 'heartbeat-failed'],
  ['anything', 'a subject of tomorrow', 'other'],
])('%s with "%s" is about no incident: %s', (kind, subject, wanted) => {
  expect(headlineOf(told(kind, subject, `check-${id}`))).toEqual({
    class: wanted,
    incident: null,
    drill: false,
  });
});

it('tells the most urgent first, and of many only some; the id is that of the notices', () => {
  const many = Array.from({ length: 50 }, (_, index) => notice(index));
  const asked = told('ask', `Cordon DECISION NEEDED HIGH awaiting-approval: ${id}, orders`);
  const { headlines, count, id: first } = webhookNotice([...many, asked], 1);

  expect([headlines.length, count]).toEqual([20, 51]);
  expect(headlines[0]).toEqual({ class: 'decision-needed', incident: id, drill: false });
  expect(webhookNotice([asked, ...many], 2).id).toBe(first);
  expect(webhookNotice(many, 1).id).not.toBe(first);
});

it('holds nothing of what a mail says in its own words', () => {
  const text = JSON.stringify(
    webhookNotice([told('flash', `Cordon HIGH contained: ${id}, orders`)], 1),
  );
  expect(text).not.toMatch(/evil|AKIA|orders/);
});

it('a second channel that fails keeps no mail, and the mail says so', async () => {
  const { post, published } = office();
  const broken = { ...post, tellBeside: () => Promise.reject(new Error('SQS is away')) };

  expect(await send(broken, notice(1), post.now() + 60_000)).toBe('sent');

  expect(published).toHaveLength(1);
  expect(published[0]?.letter.body).toContain('NOT told of this mail: Error: SQS is away');
});

it('is told before a mail that fails, and again with the same id', async () => {
  const { post, clock } = office({ failsAt: [1] });
  const ids: string[] = [];
  const channel = {
    ...post,
    tellBeside: async (taken: readonly QueuedNotice[]) =>
      void ids.push(webhookNotice(taken, post.now()).id),
  };

  await expect(send(channel, notice(1), post.now() + 60_000)).rejects.toThrow('SNS is away');
  // The lease of the sender that failed has to end first.
  clock.at += 11_000;
  expect(await send(channel, notice(1), post.now() + 60_000)).toBe('sent');

  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(1);
});
