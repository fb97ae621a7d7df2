import { describe, expect, it } from 'vitest';
import {
  heldBackOf,
  passedText,
  passesBreaker,
  sourceOf,
} from '../../../../responders/decide/breaker.ts';
import { needsTwoPersons, rule, ruleApproved } from '../../../../responders/decide/policy.ts';
import type { DecisionInput } from '../../../../responders/decide/rule.ts';
import type { Confirmed, Facts } from '../../../../responders/decide/suspect-kind.ts';
import type { BreakerRecord } from '../../../../responders/incident/breaker.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import { inputOf, momentOfDecision, ok } from '../../../support/responders/decide/input.ts';

const failed = { ok: false, missing: false, busy: false, why: 'AccessDenied' } as const;
const missing = { ...failed, missing: true } as const;

/** An input whose facts are these, whatever the finding names. */
const withFacts = (facts: Partial<Facts>, over: Partial<DecisionInput> = {}): DecisionInput => ({
  ...inputOf(),
  facts: { reads: {}, confirmed: null, code: undefined, ...facts },
  ...over,
});
const confirmed = (over: Partial<Confirmed> = {}): Confirmed => ({
  suspect: { kind: 'user', userName: 'u' },
  arns: ['arn:u'],
  tags: [{}],
  parts: 'user',
  contradiction: null,
  proof: 'proven',
  ...over,
});
const said = (input: DecisionInput) => {
  const { decision, rules } = rule(input);
  return { ...decision, by: rules.at(-1)?.rule };
};

describe('a missing fact', () => {
  it.each<[string, DecisionInput, string]>([
    [
      'could not be read',
      withFacts({ reads: { role: failed } }),
      'could not judge: the role could not be read (AccessDenied)',
    ],
    [
      'does not exist, beside another that does',
      withFacts({ reads: { function: missing, role: ok(1) } }),
      'could not judge: the function does not exist',
    ],
    [
      'is the number of containments',
      withFacts({ reads: { role: ok(1) } }, { recent: failed }),
      'could not judge: the number of recent containments could not be read (AccessDenied)',
    ],
    [
      'is nothing that anybody has read',
      withFacts({ reads: { role: ok(1) } }),
      'could not judge: facts about the workload could not be read',
    ],
  ])('that %s is a question', (_what, input, reason) => {
    expect(said(input)).toEqual({ kind: 'ask', reason, by: 'facts of the account' });
  });

  it('that nobody asked for is a question too', () => {
    const { recent: _recent, ...input } = withFacts({ reads: { role: ok(1) } });
    expect(said(input)).toMatchObject({
      kind: 'ask',
      reason: 'the number of recent containments was not read',
    });
    const { facts: _facts, ...alone } = inputOf();
    expect(said(alone)).toMatchObject({
      kind: 'ask',
      reason: 'could not judge: facts about the workload could not be read',
    });
  });

  it('of which nothing is left is told', () => {
    expect(said(withFacts({ reads: { user: missing } }))).toMatchObject({
      kind: 'notify',
      reason: 'nothing is left to contain: the user no longer exists',
    });
    expect(said(withFacts({ reads: { function: missing, role: missing } }))).toMatchObject({
      kind: 'notify',
      reason: 'nothing is left to contain: the function and the role no longer exist',
    });
  });
});

describe('a drill is no question for a person', () => {
  const drill = (over: Partial<Confirmed>) => {
    const { finding } = inputOf();
    const tags = [{ 'cordon:drill': 'allowed' }];
    return said(
      withFacts(
        { confirmed: confirmed({ tags, ...over }) },
        { finding: { ...finding, drill: true } },
      ),
    );
  };

  it.each([
    [{ contradiction: 'it is another' }, 'not proven: it is another'],
    [{ asks: 'it may be a person' }, 'it may be a person'],
  ])('%j is told', (over, reason) => {
    expect(drill(over)).toMatchObject({ kind: 'notify', reason });
    expect(said(withFacts({ confirmed: confirmed(over) }))).toMatchObject({ kind: 'ask', reason });
  });

  it('contains what is proven, and says that it is one', () => {
    expect(drill({})).toMatchObject({ kind: 'contain', reason: 'drill, severity 8, proven' });
    expect(drill({ tags: [{ 'cordon:drill': 'no' }] })).toMatchObject({
      kind: 'notify',
      reason: 'a drill may touch only what is tagged cordon:drill=allowed, user',
    });
  });
});

describe('what a person asks for', () => {
  const { finding } = inputOf();
  const byHand = { ...finding, severity: 0, byHand: { by: 'anna', reason: 'a call' } };
  const asked = (settings: Parameters<typeof someSettings>[0], over: Partial<Confirmed> = {}) =>
    said(
      withFacts(
        { confirmed: confirmed(over) },
        { finding: byHand, settings: someSettings(settings) },
      ),
    );

  it('is contained whatever its type and severity, and whatever is suppressed', () => {
    const suppressions = [{ because: 'r', owner: 'o', until: momentOfDecision + 1 }];
    expect(asked({ suppressions })).toMatchObject({
      kind: 'contain',
      reason: 'asked for by anna: a call, proven',
    });
  });

  it('is asked about where it is critical and two persons must approve', () => {
    const critical = { criticalTier: ['arn:u'] };
    expect(asked(critical)).toMatchObject({ kind: 'contain' });
    expect(asked({ ...critical, twoPersons: 'critical' })).toMatchObject({
      kind: 'ask',
      reason: 'the configuration lists it as critical',
      by: 'critical tier',
    });
  });
});

describe('types and severities', () => {
  const typed = (type: string, severity: number) => {
    const event = lambdaFinding({ severity });
    return said(inputOf({ ...event, detail: { ...event.detail, type } }));
  };

  it('that are only told say from when they would be more', () => {
    expect(typed('Stealth:IAMUser/CloudTrailLoggingDisabled', 1).by).toBe('only told');
    expect(typed('Object:S3/MaliciousFile', 8)).toMatchObject({
      kind: 'notify',
      reason: 'findings of this type are told, not contained',
    });
  });

  it('that ask say what would be contained', () => {
    expect(typed('Backdoor:Lambda/C&CActivity.B', 6)).toMatchObject({
      kind: 'ask',
      reason: 'severity 6: this type is contained from 7',
      by: 'finding type',
    });
    expect(typed('Backdoor:Lambda/C&CActivity.B', 4)).toMatchObject({ kind: 'ask' });
    expect(typed('Backdoor:Lambda/C&CActivity.B', 3.9)).toMatchObject({ by: 'severity' });
  });

  it('a type below all that it asks from is told with that number', () => {
    const findingTypes = [{ type: '*', contain: 9, ask: 8, tell: 1 }];
    expect(
      said(inputOf(lambdaFinding({ severity: 7 }), { settings: someSettings({ findingTypes }) })),
    ).toMatchObject({
      kind: 'notify',
      reason: 'severity 7: findings of this type are only told below 8',
    });
  });
});

describe('the circuit breaker', () => {
  const { finding } = inputOf();
  const record = (index: number, over: Partial<BreakerRecord> = {}): BreakerRecord => ({
    ...{ incident: `i${index}`, at: 0, held: false, type: finding.type },
    source: sourceOf(finding),
    ...over,
  });
  const many = (count: number, over: Partial<BreakerRecord> = {}) =>
    Array.from({ length: count }, (_, index) => record(index, over));
  const breaker = { limit: 4, limitOfType: 2, minutes: 30 };
  const input = (
    recent: readonly BreakerRecord[],
    over: Partial<DecisionInput['finding']> = {},
  ): DecisionInput => ({
    ...inputOf(undefined, { recent: ok(recent), settings: someSettings({ breaker }) }),
    finding: { ...finding, ...over },
  });

  it('holds back from the quota on, and not before, and says which', () => {
    expect(said(input(many(1))).kind).toBe('contain');
    expect(said(input(many(2)))).toEqual({
      kind: 'ask',
      by: 'circuit breaker',
      reason:
        '2 workloads were contained for findings of this type in the last 30 minutes: somebody ' +
        'may be sending findings so that Cordon stops workloads',
    });
    expect(said(input(many(3, { type: 'another' }))).kind).toBe('contain');
    expect(said(input(many(4, { type: 'another' }))).reason).toMatch(
      /^4 workloads were contained for findings of one detector in the last 30/,
    );
  });

  it('counts neither what it held back nor what other detectors saw, but what an older Cordon did', () => {
    expect(said(input(many(9, { held: true }))).kind).toBe('contain');
    expect(said(input(many(9, { type: 'x', source: 'other' }))).kind).toBe('contain');
    const { source: _source, ...older } = record(0, { type: 'x' });
    const olderRecords = Array.from({ length: 4 }, () => older as BreakerRecord);
    expect(said(input(olderRecords)).kind).toBe('ask');
  });

  it('holds no drill back, nothing that a person asks for, and nothing that nobody could count', () => {
    const full = many(9);
    expect(heldBackOf(input(full, { drill: true }))).toBeUndefined();
    expect(heldBackOf(input(full, { byHand: { by: 'a', reason: 'r' } }))).toBeUndefined();
    expect(heldBackOf({ ...input(full), recent: failed })).toBeUndefined();
    expect(heldBackOf(input(full, { severity: 9 }))).toBeUndefined();
    expect(heldBackOf(input([]))).toBeUndefined();
  });

  it('names what was contained, and what else it holds back', () => {
    expect(heldBackOf(input([...many(2), record(7, { held: true })]))).toEqual({
      contained: ['i0', 'i1'],
      others: ['i7'],
    });
  });

  it('is passed by critical findings and thefts, which say what is held back', () => {
    expect([8.9, 9].map((severity) => passesBreaker({ type: 'x', severity }))).toEqual([
      false,
      true,
    ]);
    const theft = 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.InsideAWS';
    expect(passesBreaker({ type: theft, severity: 1 })).toBe(true);
    expect(passesBreaker({ type: 'AttackSequence:IAM/CompromisedCredentials', severity: 1 })).toBe(
      true,
    );
    const held = Array.from({ length: 6 }, (_, index) => record(10 + index, { held: true }));
    const critical = { severity: 9 };
    expect(passedText(input(many(2), critical))).toBe('; it passes the circuit breaker');
    expect(passedText(input([...many(2), ...held.slice(0, 5)], critical))).toBe(
      '; it passes the circuit breaker, which holds back i10, i11, i12, i13, i14',
    );
    expect(passedText(input([...many(2), ...held], critical))).toBe(
      '; it passes the circuit breaker, which holds back i10, i11, i12, i13, i14 and 1 more',
    );
    expect(passedText(input(many(1), critical))).toBe('');
    expect(passedText(input(many(2)))).toBe('');
  });

  it('knows a finding without a detector as one of no detector', () => {
    expect(sourceOf({ account: '1', region: 'r', detectorId: null })).toBe('1/r/no detector');
    expect(sourceOf({ account: '1', region: 'r', detectorId: 'd' })).toBe('1/r/d');
  });
});

describe('an approval', () => {
  it('overrides questions, and neither what is never contained nor what is decided alone', () => {
    const neverContain = [{ arn: 'arn:u', because: 'the way in' }];
    const facts = { confirmed: confirmed({ contradiction: 'another', asks: 'a person' }) };
    expect(ruleApproved(withFacts(facts), 'anna').decision).toEqual({
      kind: 'contain',
      reason: 'approved by anna',
    });
    const exempt = withFacts(facts, { settings: someSettings({ neverContain }) });
    expect(ruleApproved(exempt, 'anna').decision.reason).toBe('never contained: the way in');
    expect(ruleApproved(inputOf(lambdaFinding({ severity: 0 })), 'anna')).toMatchObject({
      decision: { kind: 'suppress' },
      rules: expect.not.arrayContaining([{ rule: 'drill target', said: null }]),
    });
    expect(ruleApproved(withFacts({}), 'anna').decision).toEqual({
      kind: 'notify',
      reason: 'still could not judge: the function or role cannot be read',
    });
    expect(
      ruleApproved(withFacts(facts), 'anna')
        .rules.map(({ rule }) => rule)
        .slice(-2),
    ).toEqual(['never contained', 'drill target']);
  });

  it('needs two persons where the configuration says so and the workload is critical', () => {
    const critical = { confirmed: confirmed({ tags: [{ 'cordon:tier': 'critical' }] }) };
    const needs = (facts: Partial<Facts>, twoPersons: 'never' | 'critical') =>
      needsTwoPersons(withFacts(facts, { settings: someSettings({ twoPersons }) }));
    expect(needs(critical, 'critical')).toBe(true);
    expect(needs(critical, 'never')).toBe(false);
    expect(needs({ confirmed: confirmed() }, 'critical')).toBe(false);
    expect(needs({}, 'critical')).toBe(false);
  });
});
