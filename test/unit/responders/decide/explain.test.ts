import { expect, it } from 'vitest';
import { explain } from '../../../../responders/decide/explain.ts';
import { parseFinding } from '../../../../responders/finding/finding.ts';
import { identify } from '../../../../responders/finding/identify.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { lambdaFinding, stolenKey, stolenSession } from '../../../support/fakes/findings.ts';
import { inputOf, momentOfDecision } from '../../../support/responders/decide/input.ts';

const withoutFacts = (event: unknown, over: Parameters<typeof inputOf>[1] = {}) => {
  const { facts: _facts, ...input } = inputOf(event, over);
  return explain(input);
};

it('says what the finding alone decides, and reads nothing for it', () => {
  expect(withoutFacts(lambdaFinding({ severity: 1 }))).toEqual({
    decision: { kind: 'suppress', reason: 'severity 1 is below the threshold 4' },
    rules: [
      ...['account and region', 'sample', 'archived', 'suppression'].map((rule) => ({
        rule,
        said: null,
      })),
      { rule: 'severity', said: 'severity 1 is below the threshold 4' },
    ],
    reads: [],
    expired: [],
  });
});

it('says what would be read where the finding alone decides nothing', () => {
  const { decision, rules, reads } = withoutFacts(lambdaFinding());
  expect(decision).toBeNull();
  expect(rules.map(({ said }) => said)).toEqual(Array(8).fill(null));
  expect(rules.at(-1)?.rule).toBe('never contained, by the finding');
  expect(reads).toEqual([
    'GetFunction on lambda:function:*',
    'ListFunctions on lambda:*',
    'GetRole on iam:role/*',
    'the number of recent containments, in the case table',
    'GetFindings of GuardDuty, which proves that the finding is real',
  ]);
  expect(withoutFacts(stolenSession()).reads.slice(0, 1)).toEqual(['GetRole on iam:role/*']);
});

it('of a user reads what is about users', () => {
  const finding = parseFinding(stolenKey(), false);
  const input = { ...inputOf(), finding, identified: identify(finding) };
  const { facts: _facts, ...alone } = input;
  expect(explain(alone).reads[0]).toBe('GetUser, GetLoginProfile on iam:user/*');
});

it('asks every rule where facts are there, and names entries that have ended', () => {
  const settings = someSettings({
    neverContain: [{ arn: 'arn:x', because: 'a reason', until: momentOfDecision }],
  });
  const explained = explain(inputOf(lambdaFinding(), { settings }));
  expect(explained.decision?.kind).toBe('contain');
  expect(explained.reads).toEqual([]);
  expect(explained.rules.map(({ rule }) => rule).slice(-3)).toEqual([
    'critical tier',
    'circuit breaker',
    'finding type',
  ]);
  expect(explained.expired).toEqual(['arn:x (until 2026-11-21T10:00:07.000Z): a reason']);
});
