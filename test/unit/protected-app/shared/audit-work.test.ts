import { expect, it } from 'vitest';
import type { AuditFacts } from '../../../../protected-app/shared/audit.ts';
import { audited, auditedBatch } from '../../../../protected-app/shared/audit-work.ts';

const listening = () => {
  const told: AuditFacts[] = [];
  return { told, audit: async (facts: AuditFacts) => void told.push(facts) };
};
const batch = {
  Records: ['a', 'b', 'c'].map((messageId) => ({ messageId, body: `{"id":"run-${messageId}"}` })),
};
const run = { action: 'salesforce.push', kind: 'sync-run' };
const facts = {
  actor: { kind: 'service', id: 'scheduler' },
  action: 'salesforce.poll',
  subject: null,
  correlationId: 'request-1',
} as const;

it('tells what comes back and what is over without success as failed', async () => {
  const { told, audit } = listening();
  const batchItemFailures = [{ itemIdentifier: 'a' }];
  const handler = auditedBatch(audit, run, async () => ({ batchItemFailures, failed: ['c'] }));

  expect(await handler(batch, undefined)).toEqual({ batchItemFailures });

  expect(told.map(({ subject, outcome }) => [subject?.id, outcome])).toEqual([
    ['run-a', 'failed'],
    ['run-b', 'succeeded'],
    ['run-c', 'failed'],
  ]);
});

it('tells of each message of a batch that it failed where the handler throws', async () => {
  const { told, audit } = listening();
  const handler = auditedBatch(audit, run, () => Promise.reject(new TypeError('away')));

  await expect(handler(batch, undefined)).rejects.toThrow('away');

  const end = { outcome: 'failed', reason: 'TypeError: away' };
  expect(told).toMatchObject([end, end, end]);
});

it('tells of work what its result says, and failed where it throws', async () => {
  const { told, audit } = listening();
  const skipped = { outcome: 'refused', reason: 'skipped' } as const;

  await audited(
    audit,
    facts,
    async () => 'skipped',
    () => skipped,
  );
  await audited(audit, facts, async () => 'done');
  await expect(audited(audit, facts, () => Promise.reject(new Error('away')))).rejects.toThrow();

  expect(told).toMatchObject([
    skipped,
    { outcome: 'succeeded' },
    { outcome: 'failed', reason: 'Error: away' },
  ]);
});
