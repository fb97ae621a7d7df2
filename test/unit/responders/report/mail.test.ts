import { describe, expect, it } from 'vitest';
import type { Gap } from '../../../../responders/incident/evidence.ts';
import { remade } from '../../../../responders/incident/remade.ts';
import { letter, mailKinds } from '../../../../responders/report/mail.ts';
import fc from '../../../support/property.ts';
import { aCase, evilText, place } from '../../../support/responders/report/samples.ts';
import {
  evidenceStageOf,
  failedStageOf,
  reportStageOf,
  sealingStageOf,
} from '../../../support/responders/stages.ts';

describe('a mail', () => {
  it('says what, where, whether it is contained and what to do in its first three lines', async () => {
    const incident = await aCase();
    const { subject, body } = letter(incident, 'flash', place);
    expect(subject).toBe(`Cordon HIGH contained: ${incident.head.id}, orders`);
    expect(body.split('\n').slice(0, 3)).toEqual([
      'What:  Backdoor:Lambda/C&CActivity.B (severity 8, HIGH)',
      'Where: function orders, role orders-role, in 111122223333/eu-west-1',
      `State: CONTAINED: every change was made and seen to hold. NEXT: Look at what was reached: cordon report ${incident.head.id}. When it is clean: cordon release ${incident.head.id} --reason "…"`,
    ]);
    expect(body).toContain('2026-11-21 10:00:07 UTC (11:00:07 UTC+01:00)');
  });

  it('says in one line what AWS recommends and where, to whoever decides what to do next', async () => {
    const incident = await aCase();
    const advice = (kind: 'flash' | 'ask' | 'report1', over: Partial<typeof incident.head> = {}) =>
      letter({ ...incident, head: { ...incident.head, ...over } }, kind, place)
        .body.split('\n')
        .filter((line) => line.startsWith('AWS says:'));

    const line =
      'AWS says:  Find out whether the function may talk to that address; if not, replace its code ' +
      'and the role’s credentials. https://docs.aws.amazon.com/guardduty/latest/ug/' +
      'remediate-lambda-protection-finding-types.html';
    expect(advice('flash')).toEqual([line]);
    expect(advice('ask')).toEqual([line]);
    expect(advice('report1')).toEqual([]);
    const byHand = { by: 'arn:aws:iam::111122223333:user/ada', reason: 'a call' };
    expect(advice('flash', { byHand })).toEqual([]);
  });

  it('names a stage that failed and what is missing', async () => {
    const incident = await aCase();
    const stages = [failedStageOf('evidence', 'States.Timeout')];
    const { body } = letter({ ...incident, stages }, 'report1', place);
    expect(body).toContain('  - evidence: States.Timeout');
    expect(body).toContain('The report is MISSING.');
  });

  it('of a report names what the evidence lacks, each once, and not what no evidence has', async () => {
    const incident = await aCase();
    const lost = { what: 'role/role.json', why: 'it could not be stored: AccessDenied: no' };
    const gaps: Gap[] = [lost, { what: 'other regions', why: 'not searched', always: true }];
    const told = (of: readonly Gap[]) => {
      const stages = [
        evidenceStageOf({ gaps: of }),
        sealingStageOf({ gaps: of }),
        reportStageOf(2),
      ];
      return letter({ ...incident, stages }, 'report2', place).body;
    };

    expect(told(gaps)).toContain(
      'The evidence is INCOMPLETE:\n  - MISSING role/role.json: it could not be stored: AccessDenied: no\n\n',
    );
    expect(told(gaps.slice(1))).not.toContain('INCOMPLETE');
  });

  it('names what others have stored among the evidence, with the report or without', async () => {
    const incident = await aCase();
    const gaps: Gap[] = Array.from({ length: 10 }, (_, index) => ({
      kind: 'foreign' as const,
      what: `planted-${index}.json`,
      why: 'somebody else stored it',
    }));
    const told = (kind: 'flash' | 'report2', of: readonly Gap[]) =>
      letter({ ...incident, stages: [sealingStageOf({ gaps: of })] }, kind, place).body;

    expect(told('report2', gaps)).toContain(
      'FOREIGN objects lie in the folder of the evidence:\n' +
        '  - planted-0.json: somebody else stored it\n',
    );
    expect(told('report2', gaps)).toContain(`  - and 2 more: cordon show ${incident.head.id}\n`);
    expect(told('report2', gaps)).not.toContain('INCOMPLETE');
    expect(told('report2', [])).not.toContain('FOREIGN');
    expect(told('flash', gaps)).not.toContain('FOREIGN');
  });

  it('names what is lost of each source before what else is lost of one', async () => {
    const incident = await aCase();
    const gap = (collector: string, what: string) => ({ collector, what, why: 'no' });
    const logs = Array.from({ length: 6 }, (_, index) =>
      gap('collect.log-events', `logs ${index}`),
    );
    const gaps = [...logs, gap('collect.role', 'the role')];
    const stages = [evidenceStageOf({ gaps }), reportStageOf(2)];
    const { body } = letter({ ...incident, stages }, 'report2', place);

    expect(body).toContain(
      '- MISSING logs 0: no\n  - MISSING the role: no\n  - MISSING logs 1: no\n',
    );
    expect(body).toContain('and 2 more in the report');
  });

  it('never says contained when it is not', async () => {
    const incident = await aCase();
    const states = [
      'partial',
      'not-contained',
      'contested',
      'notify-only',
      'suppressed',
      'forged',
      'open',
      'awaiting-approval',
      'released',
    ] as const;
    for (const state of states)
      expect(
        letter({ ...incident, head: { ...incident.head, state } }, 'flash', place).body,
      ).not.toContain('State: CONTAINED');
  });

  it('about a forged finding says so first, and who is to be found', async () => {
    const { head, ...rest } = await aCase();
    const forged = {
      ...head,
      state: 'forged' as const,
      decision: { kind: 'forged' as const, reason: 'GuardDuty has no finding with its id' },
    };
    const { subject, body } = letter({ ...rest, head: forged }, 'flash', place);

    expect(subject).toBe(`Cordon FORGED finding: ${head.id}, ${head.finding.type}`);
    const [what, where, state] = body.split('\n');
    expect(what).toBe('What:  A forged finding: GuardDuty has no finding with its id');
    expect(where).toBe(`Where: the execution ${head.execution}`);
    expect(state).toContain('NEXT: Find in CloudTrail who started the execution');
    expect(body).not.toContain('Still open');
  });

  it('of a report says in its third line what the report found to do', async () => {
    const incident = await aCase();
    const stages = [reportStageOf(2, { now: 'Rotate 4 credentials, first key AKIAEXAMPLE.' })];
    const [, , state] = letter({ ...incident, stages }, 'report2', place).body.split('\n');
    expect(state).toBe(
      'State: CONTAINED: every change was made and seen to hold. NEXT: Rotate 4 credentials, first key AKIAEXAMPLE.',
    );
    expect(letter({ ...incident, stages }, 'flash', place).body).not.toContain('Rotate 4');
  });

  it('says of a role that was made again that it is another one, not that it is back', async () => {
    const incident = await aCase();
    const removed = (changes: readonly string[]) => {
      const head = { ...incident.head, state: 'contested' as const };
      const { body } = letter({ ...incident, head, drifts: [{ at: 1, changes }] }, 'hold', place);
      return body.split('\n').find((line) => line.startsWith('Removed:'));
    };
    const change = remade('role', 'orders-role', 'AROANEW', 'AROAOLD');
    const taken = 'contain.quarantine-role on orders-role';

    const another =
      '; another role of the same name exists and is denied too: find out who made it';
    expect(removed([change])).toContain(`${change}${another}`);
    expect(removed([change])).not.toContain('contained again');
    expect(removed([taken, change])).toContain(`${another}; the rest is contained again`);
    expect(removed([taken])).toContain(`${taken}; it is contained again`);
  });

  it('carries a key and a console address, and no link that works for everybody', async () => {
    const incident = await aCase();
    const stages = [reportStageOf(2, { html: 'incidents/x/report/v2.html' })];
    const { body } = letter({ ...incident, stages }, 'report2', place);
    expect(body).toContain('s3://evidence/incidents/x/report/v2.html');
    expect(body).not.toMatch(/X-Amz|Signature|Expires=/);
  });

  it('keeps SNS’s rules whatever the finding says', async () => {
    const incident = await aCase();
    fc.assert(
      fc.property(evilText, evilText, fc.constantFrom(...mailKinds), (type, reason, kind) => {
        const finding = { ...incident.head.finding, type, title: type };
        const head = { ...incident.head, finding, decision: { kind: 'contain' as const, reason } };
        const said = { open: [reason], rotate: [type] };
        const stages = [reportStageOf(1, said), reportStageOf(2, said)];
        const { subject, body } = letter({ ...incident, head, stages }, kind, place);
        expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(8_192);
        expect(body.split('\n')[1]).toMatch(/^Where: /);
      }),
    );
  });
});
