import { describe, expect, it } from 'vitest';
import type { Exemption, Suppression } from '../../../../responders/decide/entries.ts';
import { rule, ruleApproved } from '../../../../responders/decide/policy.ts';
import type { Settings } from '../../../../responders/decide/settings.ts';
import { functionArn } from '../../../support/fakes/account.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { lambdaFinding } from '../../../support/fakes/findings.ts';
import {
  factsOf,
  inputOf,
  momentOfDecision,
  ok,
  ordersRole,
} from '../../../support/responders/decide/input.ts';

const minute = 60_000;
const decide = (settings: Partial<Settings>, over: Parameters<typeof inputOf>[1] = {}) =>
  rule(inputOf(undefined, { settings: someSettings(settings), ...over })).decision;

const exempt = (over: Partial<Exemption>): Pick<Settings, 'neverContain'> => ({
  neverContain: [{ because: 'it takes orders', owner: 'anna', ...over }],
});
const suppress = (over: Partial<Suppression>): Pick<Settings, 'suppressions'> => ({
  suppressions: [
    { because: 'a load test', owner: 'anna', until: momentOfDecision + minute, ...over },
  ],
});

const tagged = (tags: Readonly<Record<string, string>>) =>
  factsOf({ function: ok({ arn: functionArn('orders'), roleArn: ordersRole, tags }) });
const noYoung = ok([]);
const young = ok([{ arn: functionArn('orders'), key: 'team' }]);
const unread = { ok: false, missing: false, busy: true, why: 'no answer' } as const;

describe('a never-contain entry', () => {
  it.each([
    ['its ARN', { arn: 'arn:aws:lambda:*:*:function:orders' }],
    ['its account', { account: '111122223333' }],
    ['both', { arn: ordersRole, account: '111122223333' }],
  ])('holds for %s until its last moment, and then contains with a warning', (_what, scope) => {
    const before = decide(exempt({ ...scope, until: momentOfDecision + 1 }));
    expect(before).toEqual({ kind: 'notify', reason: 'never contained: it takes orders' });

    const after = decide(exempt({ ...scope, until: momentOfDecision }));
    expect(after.kind).toBe('contain');
    expect(after.reason).toMatch(/; expired, so not counted: .* \(anna, until 2026-11-21T10:00/);
    expect(decide(exempt({ ...scope, until: momentOfDecision - minute })).kind).toBe('contain');
  });

  it.each([
    { arn: 'arn:aws:lambda:*:*:function:other' },
    { account: '999988887777' },
    { arn: ordersRole, account: '999988887777' },
    { tag: 'team=payments' },
  ])('says nothing about another workload: %j', (scope) => {
    expect(decide(exempt(scope)).kind).toBe('contain');
  });

  it('by a tag makes a person decide, unless the tag is younger than the activity', () => {
    const settings = exempt({ tag: 'team=payments' });
    const facts = tagged({ team: 'payments' });
    for (const youngTags of [noYoung, unread, undefined])
      expect(decide(settings, { facts, youngTags })).toEqual({
        kind: 'ask',
        reason: 'exempt by its tag team=payments (anna): it takes orders',
      });
    expect(decide(settings, { facts, youngTags: young }).kind).toBe('contain');
    const approved = inputOf(undefined, { facts, settings: someSettings(settings) });
    expect(ruleApproved(approved, 'anna').decision.kind).toBe('contain');
  });
});

describe('a suppression', () => {
  it.each([
    ['its exact type', { type: 'Backdoor:Lambda/C&CActivity.B' }],
    ['its family', { type: 'Backdoor:Lambda/*' }],
    ['type and ARN', { type: 'Backdoor:Lambda/*', arn: functionArn('orders') }],
    ['type and account', { type: 'Backdoor:Lambda/*', account: '111122223333' }],
    ['the ARN of its role', { arn: ordersRole }],
  ])('by %s records the finding only, until it ends', (_what, scope) => {
    expect(decide(suppress(scope))).toEqual({
      kind: 'suppress',
      reason: expect.stringMatching(/^suppressed: .*\(anna, until 2026-11-21T10:01:07.000Z\)/),
    });
    const ended = decide(suppress({ ...scope, until: momentOfDecision }));
    expect(ended).toMatchObject({ kind: 'contain', reason: expect.stringContaining('expired') });
  });

  it.each([
    { type: 'Trojan:Lambda/*' },
    { type: 'Backdoor:Lambda/*', account: '999988887777' },
    { arn: functionArn('other') },
  ])('says nothing about another finding: %j', (scope) => {
    expect(decide(suppress(scope)).kind).toBe('contain');
  });

  it('by a tag counts only where the tag is known to be older than the activity', () => {
    const facts = tagged({ team: 'payments' });
    const settings = suppress({ tag: 'team=payments' });
    expect(decide(settings, { facts, youngTags: noYoung }).kind).toBe('suppress');
    for (const youngTags of [young, unread, undefined])
      expect(decide(settings, { facts, youngTags }).kind).toBe('contain');
  });
});

describe('observe mode', () => {
  const observing = (over: Partial<Settings['observe']>): Partial<Settings> => ({
    observe: { everything: false, types: [], tags: [], ...over },
  });
  const facts = tagged({ team: 'payments' });

  it.each([
    ['everything', { everything: true }, 'observe mode for everything'],
    ['a family', { types: ['Backdoor:Lambda/*'] }, 'observe mode for Backdoor:Lambda/*'],
    ['a tag', { tags: ['team=payments'] }, 'observe mode for the tag team=payments'],
  ])('for %s says what would be contained', (_what, observe, because) => {
    expect(decide(observing(observe), { facts, youngTags: noYoung })).toEqual({
      kind: 'contain',
      observed: true,
      reason: `${because}, nothing is changed: severity 8, the role is proven to belong to the function`,
    });
  });

  it('says what would be asked, and asks nobody', () => {
    const settings = someSettings(observing({ everything: true }));
    expect(rule(inputOf(lambdaFinding({ severity: 5 }), { settings })).decision).toEqual({
      kind: 'notify',
      reason: expect.stringMatching(
        /^observe mode .*: Cordon would have asked, because severity 5/,
      ),
      observed: true,
    });
  });

  it('is none for another type, and none for a tag that may be the intruder’s', () => {
    expect(decide(observing({ types: ['Trojan:*'] })).observed).toBeUndefined();
    for (const youngTags of [young, unread, undefined])
      expect(decide(observing({ tags: ['team=payments'] }), { facts, youngTags })).toEqual({
        kind: 'contain',
        reason: expect.stringMatching(/^severity 8/),
      });
  });
});
