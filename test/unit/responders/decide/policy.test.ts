import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../../responders/decide/breaker.ts';
import { rule, ruleApproved } from '../../../../responders/decide/policy.ts';
import type { DecisionInput } from '../../../../responders/decide/rule.ts';
import { functionArn } from '../../../support/fakes/account.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenSession } from '../../../support/fakes/findings.ts';
import {
  factsOf as facts,
  inputOf,
  ok,
  ordersRole as role,
  roleFacts,
} from '../../../support/responders/decide/input.ts';

const recentOf = (count: number) => {
  const { finding } = inputOf();
  const mark = { source: sourceOf(finding), type: finding.type, held: false };
  return Array.from({ length: count }, (_, index) => ({ incident: `i${index}`, at: 0, ...mark }));
};

const decide = (input: DecisionInput) => rule(input).decision;
const decideApproved = (input: DecisionInput, by: string) => ruleApproved(input, by).decision;

const withDetail = (change: object) => ({
  ...lambdaFinding(),
  detail: { ...lambdaFinding().detail, ...change },
});

describe('a decision', () => {
  it('contains when everything is proven', () => {
    expect(decide(inputOf())).toEqual({
      kind: 'contain',
      reason: 'severity 8, the role is proven to belong to the function',
    });
  });

  it.each([
    [
      'another account',
      withDetail({ accountId: '999988887777' }),
      'notify',
      'it is about aws/999988887777; this deployment acts in aws/111122223333 only',
    ],
    [
      'another region',
      withDetail({ region: 'us-east-1' }),
      'notify',
      'acts in eu-west-1 only: add us-east-1 to furtherRegions of the configuration, and deploy',
    ],
    ['another partition', withDetail({ partition: 'aws-cn' }), 'notify', 'it is about aws-cn'],
    ['a sample', withDetail({ title: '[SAMPLE] x' }), 'suppress', 'sample'],
    ['an archived finding', withDetail({ service: { archived: true } }), 'notify', 'archived'],
    ['severity 0', withDetail({ severity: 0 }), 'suppress', 'severity 0 is below the threshold 4'],
    ['severity 3.9', withDetail({ severity: 3.9 }), 'suppress', 'severity 3.9 is below'],
    ['severity 4', withDetail({ severity: 4 }), 'ask', 'severity 4: this type is contained from 7'],
    ['severity 6.9', withDetail({ severity: 6.9 }), 'ask', 'contained from 7'],
    ['severity 7', withDetail({ severity: 7 }), 'contain', 'severity 7'],
    ['severity 8.9', withDetail({ severity: 8.9 }), 'contain', 'severity 8.9'],
    ['severity 10', withDetail({ severity: 10 }), 'contain', 'severity 10'],
    [
      'a bucket',
      withDetail({ resource: { resourceType: 'S3Bucket' } }),
      'notify',
      'reports findings about S3Bucket',
    ],
    [
      'an unknown kind of finding about a function',
      withDetail({ type: 'Brand:New/Kind' }),
      'ask',
      'this type is never contained without a question; the type is not in the table of',
    ],
    [
      'a role that is not the function’s',
      lambdaFinding({ role: 'arn:aws:iam::111122223333:role/victim' }),
      'ask',
      'not proven',
    ],
    [
      'the right name with another path',
      lambdaFinding({ role: 'arn:aws:iam::111122223333:role/x/orders-role' }),
      'ask',
      'not proven: the finding’s role ARN',
    ],
    [
      'a role that was made again',
      stolenSession('AROAEXAMPLEEXAMPLE99:orders'),
      'ask',
      'made again',
    ],
  ] as const)('%s', (_what, event, kind, reason) => {
    const decision = decide(inputOf(event));
    expect(decision).toMatchObject({ kind, reason: expect.stringContaining(reason) });
  });

  it.each([
    ['Cordon’s own', 'cordon/ContainmentRole', 'Cordon’s own role'],
    ['a service-linked', 'aws-service-role/x.amazonaws.com/AWSServiceRoleForX', 'service-linked'],
    [
      'an Identity Center',
      'aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_1',
      'Identity Center',
    ],
    ['an exempt', 'break-glass', 'we need it to get in'],
  ])(
    'never contains %s role, whether the finding or the account says so',
    (_what, name, because) => {
      const arn = `arn:aws:iam::111122223333:role/${name}`;
      const settings = someSettings({
        neverContain: [{ arn: 'arn:aws:iam::*:role/break-glass', because: 'we need it to get in' }],
      });
      const proven = facts({
        function: ok({ arn: functionArn('orders'), roleArn: arn, tags: {} }),
        role: ok(roleFacts({ arn })),
      });
      const claimed = inputOf(lambdaFinding({ role: arn }), { settings });
      const bySession = inputOf(stolenSession(undefined, name.split('/').at(-1)), {
        settings,
        facts: proven,
      });
      for (const decision of [
        decide(claimed),
        decide(bySession),
        decideApproved(bySession, 'anna'),
      ])
        expect(decision).toEqual({ kind: 'notify', reason: expect.stringContaining(because) });
    },
  );

  it('matches exemptions whole: a longer or shorter name is not exempt', () => {
    const settings = someSettings({
      neverContain: [{ arn: 'arn:aws:iam::*:role/orders', because: 'x' }],
    });
    expect(decide(inputOf(lambdaFinding(), { settings })).kind).toBe('contain');
  });

  it('a drill needs the tag on function and role', () => {
    const tag = { 'cordon:drill': 'allowed' };
    const tagged = (fn: object, roleTags: object) =>
      facts({
        function: ok({ arn: functionArn('orders'), roleArn: role, tags: { ...fn } }),
        role: ok(roleFacts({ tags: { ...roleTags } })),
      });
    expect(decide(inputOf(undefined, { facts: tagged({}, {}) }, true)).kind).toBe('notify');
    expect(decide(inputOf(undefined, { facts: tagged(tag, {}) }, true)).kind).toBe('notify');
    expect(decide(inputOf(undefined, { facts: tagged({}, tag) }, true)).kind).toBe('notify');
    expect(decide(inputOf(undefined, { facts: tagged(tag, tag) }, true)).kind).toBe('contain');
  });

  it.each([
    ['its role alone', role, 'ask'],
    ['its function alone', functionArn('orders'), 'ask'],
    ['another role', `${role}-2`, 'contain'],
  ])('asks where the configuration lists %s as critical', (_what, listed, kind) => {
    const settings = someSettings({ criticalTier: [listed] });
    expect(decide(inputOf(undefined, { settings })).kind).toBe(kind);
  });

  it('asks about critical resources, floods and unread facts; an approval overrules them', () => {
    const critical = facts({
      function: ok({
        arn: functionArn('orders'),
        roleArn: role,
        tags: { 'cordon:tier': 'critical' },
      }),
    });
    const unread = {
      ok: false as const,
      missing: false,
      busy: true,
      why: 'DeadlineError: no answer within 2000 ms',
    };
    expect(decide(inputOf(undefined, { facts: critical })).reason).toContain('critical');
    expect(decide(inputOf(undefined, { recent: ok(recentOf(10)) }))).toMatchObject({
      kind: 'ask',
      reason: expect.stringContaining('somebody may be sending findings'),
    });
    expect(decide(inputOf(undefined, { recent: unread }))).toMatchObject({
      kind: 'ask',
      reason: expect.stringContaining('could not judge'),
    });
    expect(decide(inputOf(undefined, { facts: facts({ role: unread }) })).kind).toBe('ask');
    expect(decideApproved(inputOf(undefined, { facts: critical }), 'anna').kind).toBe('contain');
    expect(
      decideApproved(inputOf(undefined, { facts: facts({ role: unread }) }), 'anna').kind,
    ).toBe('notify');
  });
});
