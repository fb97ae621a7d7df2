import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { audit } from '../../../../console/api/audit.ts';
import { health } from '../../../../console/api/health.ts';
import { createBytes } from '../../../../responders/evidence/store.ts';
import { maskWith } from '../../../../responders/shared/redact.ts';
import { person, request } from '../../../support/console/people.ts';
import { fakeBucket } from '../../../support/fakes/bucket.ts';
import { fakeTable } from '../../../support/fakes/case-table.ts';
import { someSettings } from '../../../support/fakes/deps.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const deps = { table: fakeTable().table, mask: maskWith('salt'), now: () => now };

it('an audit entry that cannot be read is shown as one, among the others', async () => {
  const { to } = fakeBucket();
  const put = (name: string, text: string) =>
    createBytes(to, {
      key: `console/audit/2026/11/21/${name}.json`,
      body: Buffer.from(text),
      type: 'application/json',
    });
  const entry = { at: 1, who: 'anna', what: 'answer', incident: 'i', says: 's', outcome: 'asked' };
  await put('1-a-asked', JSON.stringify({ ...entry, requestId: 'a' }));
  await put('2-b-done', '{ cut');
  await put('3-c-done', '"a text"');
  await put('4-d-done', '{}');
  await put('5-e-done', JSON.stringify({ ...entry, requestId: 'e', at: 'x' }));
  await put('99999999999999999999-f', JSON.stringify({ ...entry, requestId: 'f', at: 1e20 }));

  const reply = await audit({ ...deps, ledger: to })(
    request({ caller: person('audrey', 'auditors') }),
  );

  expect(reply.body).toMatchObject({
    items: [
      { who: 'anna', what: 'answer' },
      { at: 2, what: 'unreadable', says: 'the entry 2-b-done.json cannot be read' },
      { at: 3, what: 'unreadable', says: 'the entry 3-c-done.json cannot be read' },
      { at: 4, what: 'unreadable', says: 'the entry 4-d-done.json cannot be read' },
      { at: 5, what: 'unreadable', says: 'the entry 5-e-done.json cannot be read' },
      { at: 0, what: 'unreadable' },
    ],
  });
});

it('a denied read hides no other part of the health of Cordon, and is logged', async () => {
  const sqs = new SQSClient({ region: 'eu-west-1' });
  mockClient(sqs)
    .on(GetQueueAttributesCommand)
    .resolves({
      Attributes: { ApproximateNumberOfMessages: '3' },
    });
  const denied = () => Promise.reject(new Error('AccessDenied: sns'));
  const place = {
    ...{ region: 'eu-west-1', local: null, config: denied },
    outputs: {
      CordonResponse: { RuleDeadLetterUrl: 'https://queue', HeartbeatHours: '24', TopicArn: 'arn' },
    },
  };
  const logged: unknown[] = [];
  const log = { info: () => 0, warn: () => 0, error: (...said: unknown[]) => logged.push(said) };
  const asked = { ...request({ caller: person('rita', 'readers') }), log };

  const reply = await health({ ...deps, settings: someSettings(), place, sqs })(asked);

  expect(reply.body).toMatchObject({
    ...{ deadLetters: 3, subscriptions: null, tampering: [], selfCheck: null },
    heartbeat: { everyHours: 24 },
    breaker: { contained: 0 },
    failed: [{ part: 'subscriptions', why: expect.stringContaining('AccessDenied') }],
  });
  expect(logged).toHaveLength(1);
});
