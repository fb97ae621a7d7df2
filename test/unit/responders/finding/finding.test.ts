import { describe, expect, it } from 'vitest';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { identify } from '../../../../responders/finding/identify.ts';
import { EdgeError } from '../../../../responders/shared/errors.ts';
import { printable } from '../../../../responders/shared/printable.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';
import fc from '../../../support/property.ts';

const broken = (change: (detail: Record<string, unknown>) => void) => {
  const event: { detail: Record<string, unknown> } = structuredClone(lambdaFinding());
  change(event.detail);
  return event;
};

describe('the door', () => {
  it('reads what GuardDuty says about a function', () => {
    expect(parseFinding(lambdaFinding(), false)).toMatchObject({
      type: 'Backdoor:Lambda/C&CActivity.B',
      severity: 8,
      sample: false,
      archived: false,
      drill: false,
      lambda: { functionName: 'orders' },
    });
  });

  it.each<[string, (detail: Record<string, unknown>) => void]>([
    ['detail.id: wanted text, got nothing', (detail) => delete detail.id],
    ['detail.id: wanted text, got null', (detail) => Object.assign(detail, { id: null })],
    [
      'detail.id: wanted a valid findingId, got "../x"',
      (detail) => Object.assign(detail, { id: '../x' }),
    ],
    ['detail.type: wanted text, got 7', (detail) => Object.assign(detail, { type: 7 })],
    [
      'detail.severity: wanted a number from 0 to 10, got "8"',
      (detail) => Object.assign(detail, { severity: '8' }),
    ],
    [
      'detail.severity: wanted a number from 0 to 10, got 11',
      (detail) => Object.assign(detail, { severity: 11 }),
    ],
    [
      'detail.severity: wanted a number from 0 to 10, got -1',
      (detail) => Object.assign(detail, { severity: -1 }),
    ],
    [
      'detail.accountId: wanted a valid account, got "12"',
      (detail) => Object.assign(detail, { accountId: '12' }),
    ],
    [
      'detail.region: wanted a valid region, got "*"',
      (detail) => Object.assign(detail, { region: '*' }),
    ],
    [
      'detail.partition: wanted a valid partition, got "aws\\n"',
      (detail) => Object.assign(detail, { partition: 'aws\n' }),
    ],
    [
      'detail.updatedAt: wanted a time, got "yesterday"',
      (detail) => Object.assign(detail, { updatedAt: 'yesterday' }),
    ],
    [
      'detail.resource.resourceType: wanted text, got nothing',
      (detail) => Object.assign(detail, { resource: [] }),
    ],
    [
      'detail.resource.lambdaDetails.functionName: wanted a valid function, got "*"',
      (detail) =>
        Object.assign(detail, {
          resource: { resourceType: 'Lambda', lambdaDetails: { functionName: '*' } },
        }),
    ],
  ])('says where it hurt: %s', (message, change) => {
    expect(() => parseFinding(broken(change), false)).toThrow(new EdgeError(message));
  });

  it('knows a sample by its title, its flag and its JSON text', () => {
    const service = (additionalInfo: unknown) =>
      broken((detail) => Object.assign(detail, { service: { additionalInfo } }));
    expect(parseFinding(service({ sample: true }), false).sample).toBe(true);
    expect(
      parseFinding(service({ type: 'default', value: '{"sample": true}' }), false).sample,
    ).toBe(true);
    expect(
      parseFinding(
        broken((detail) => Object.assign(detail, { title: '[SAMPLE] x' })),
        false,
      ).sample,
    ).toBe(true);
  });

  it('does not let an event say that it is no drill', () => {
    expect(parseFinding({ ...lambdaFinding(), drill: false }, true).drill).toBe(true);
  });

  it('answers anything at all with a finding or an EdgeError, and nothing else', () => {
    fc.assert(
      fc.property(fc.anything(), fc.boolean(), (event, drill) => {
        try {
          parseFinding(event, drill);
        } catch (error) {
          expect(error).toBeInstanceOf(EdgeError);
          expect(String(error)).toMatch(/^[\x20-\x7e…]{1,200}$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('whom a finding is about', () => {
  const identified = (event: unknown) => identify(parseFinding(event, false));

  it('a function and its role', () => {
    expect(identified(lambdaFinding())).toMatchObject({
      named: { kind: 'function', functionName: 'orders', roleName: 'orders-role' },
    });
  });

  it('a role with a path by its name, with the whole ARN to compare', () => {
    const role = 'arn:aws:iam::111122223333:role/team/app/orders-role';
    expect(identified(lambdaFinding({ role }))).toEqual({
      named: {
        kind: 'function',
        functionName: 'orders',
        roleName: 'orders-role',
        region: 'eu-west-1',
        isThere: true,
        claimed: { roleArn: role },
        since: Date.parse('2026-11-21T09:59:00Z'),
      },
    });
  });

  it('a stolen session by its role and its name, which may be that of a function', () => {
    expect(identified(stolenSession())).toMatchObject({
      named: {
        kind: 'session',
        sessionName: 'orders',
        roleName: 'orders-role',
        claimed: { roleId: 'AROAEXAMPLEEXAMPLE01' },
      },
    });
  });

  it.each([
    ['a session of something else', stolenSession('AROAEXAMPLEEXAMPLE01:i-0abc:x')],
    ['a user', stolenSession('AIDAEXAMPLEEXAMPLE01:orders')],
    ['a role name with a wildcard', stolenSession(undefined, 'orders-*')],
    ['a role ARN of nobody', lambdaFinding({ role: 'arn:aws:iam::111122223333:user/x' })],
    [
      'a role ARN with a line break',
      lambdaFinding({ role: 'arn:aws:iam::111122223333:role/x\ny' }),
    ],
  ])('%s is told, not contained', (_what, event) => {
    expect(identified(event)).toHaveProperty('cannot');
  });
});

it('text for people is one line with nothing hidden in it, whatever the attacker wrote', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(printable(text).length).toBeLessThanOrEqual(200);
      expect(printable(text)).not.toMatch(/(?!\u200d|\ufe0f)[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(printable('a\u202eb\r\nc\u001b[31m')).toBe('a\\u{202e}b\\u{d}\\u{a}c\\u{1b}[31m');
});
