import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../responders/catalog.ts';
import { containFinding } from '../../responders/containment.ts';
import { type Case, readCase } from '../../responders/core/case.ts';
import { letter, mailKinds } from '../../responders/report/mail.ts';
import { reportText } from '../../responders/report/text.ts';
import { fakeDeps } from '../fakes/deps.ts';
import { lambdaFinding } from '../fakes/findings.ts';

const place = { zone: 'Europe/Berlin', bucket: 'evidence', catalog };

const aCase = async (): Promise<Case> => {
  const { deps } = fakeDeps();
  const { incidentId } = await containFinding({ event: lambdaFinding(), execution: 'e', drill: false }, deps);
  return readCase(deps.table, incidentId);
};

describe('a mail', () => {
  it('says what, where and whether it is contained in its first three lines', async () => {
    const { subject, body } = letter(await aCase(), 'flash', place);
    expect(subject).toMatch(/^Cordon HIGH contained: orders, inc-20261121-/);
    expect(body.split('\n').slice(0, 3)).toEqual([
      'What:  Backdoor:Lambda/C&CActivity.B (severity 8, HIGH)',
      'Where: function orders, role orders-role, in 111122223333/eu-west-1',
      'State: CONTAINED: every change was made and seen to hold.',
    ]);
    expect(body).toContain('11:00:07 CET');
  });

  it('names a stage that failed and what is missing', async () => {
    const found = await aCase();
    const { body } = letter(
      { ...found, stages: [{ name: 'evidence', status: 'failed', ms: 0, error: 'States.Timeout' }] },
      'report1',
      place,
    );
    expect(body).toContain('  - evidence: States.Timeout');
    expect(body).toContain('The report is MISSING.');
  });

  it('never says contained when it is not', async () => {
    const found = await aCase();
    for (const state of [
      'partial',
      'not-contained',
      'contested',
      'notify-only',
      'suppressed',
      'open',
      'awaiting-approval',
      'released',
    ] as const)
      expect(letter({ ...found, head: { ...found.head, state } }, 'flash', place).body).not.toContain('State: CONTAINED');
  });

  it('keeps SNS’s rules whatever the finding says', async () => {
    const found = await aCase();
    const hostile = fc.string({ unit: 'binary', maxLength: 2_000 });
    fc.assert(
      fc.property(hostile, hostile, fc.constantFrom(...mailKinds), (type, reason, kind) => {
        const head = {
          ...found.head,
          finding: { ...found.head.finding, type, title: type },
          decision: { kind: 'contain' as const, reason },
        };
        const { subject, body } = letter({ ...found, head }, kind, place);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8_192);
        expect(body.split('\n')[1]).toMatch(/^Where: /);
      }),
    );
  });
});

it('a report admits what is left open and what it does not do yet', async () => {
  const text = reportText(await aCase(), 1, catalog);
  expect(text).toContain('Still open: Code that is already running');
  expect(text).toContain('MISSING: the timeline stage failed or has not run.');
  expect(text).toContain('This report is plain text');
});
