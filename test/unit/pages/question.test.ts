// What a person is told of a question, and of how it has changed while they read it.
import { describe, expect, it } from 'vitest';
import type { Question } from '../../../console/pages/src/api/calls.ts';
import { differencesOf } from '../../../console/pages/src/decide/differences.ts';
import {
  breaksOf,
  goesOnOf,
  nameOf,
  whyOf,
} from '../../../console/pages/src/decide/question-facts.ts';

const question = (over: Partial<Question> = {}): Question => ({
  ...{ incidentId: 'inc-20261121-7f3k2m8q', digest: 'a'.repeat(64), open: true, round: 1 },
  ...{ state: 'awaiting-approval', drill: false, callers: ['billing'], answers: [], yeses: [] },
  ...{ timeLimit: null, twoPersons: false, doubted: false },
  finding: {
    ...{ type: 'Backdoor:Lambda/C&CActivity.B', severity: 8, title: 'It talks to a server' },
    ...{ account: '111122223333', region: 'us-east-1', revisions: 1 },
  },
  about: [{ kind: 'function', names: ['orders'] }],
  facts: [
    { label: 'Breaks', text: 'billing' },
    { label: 'Why', text: 'a tag asks for a person' },
    { label: 'Backlog', text: '12 messages' },
    { label: 'Goes on', text: 'durable executions of orders' },
  ],
  changes: [{ title: 'Deny the role', target: 'orders-role', stops: 'every call' }],
  ...over,
});

describe('the facts of a question', () => {
  it('are what breaks, what goes on, and why it is asked; none is left out', () => {
    const asked = question();
    expect(breaksOf(asked)).toEqual([
      { label: 'Calls it', text: 'billing' },
      { label: 'Waits for it', text: '12 messages' },
    ]);
    expect(goesOnOf(asked)).toEqual(['durable executions of orders']);
    expect(whyOf(asked)).toEqual([{ label: 'Why', text: 'a tag asks for a person' }]);
    expect(nameOf(asked)).toBe('orders');
    expect(nameOf(question({ about: [] }))).toBe('an unknown workload');
  });
});

describe('a question that was asked anew', () => {
  const before = question();

  it('with the same words says that', () => {
    const same = differencesOf(before, question({ digest: 'b'.repeat(64) }));
    expect(same).toEqual([
      { label: 'Question', before: 'as you read it', after: 'asked anew, with the same words' },
    ]);
  });

  it.each<[string, Partial<Question>, string, string]>([
    ['Asked', { open: false }, 'waits for an answer', 'waits for no answer'],
    ['Severity', { finding: { ...before.finding, severity: 9 } }, '8', '9'],
    ['About', { about: [] }, 'function orders', 'nothing'],
    ['Changes', { changes: [] }, 'Deny the role (orders-role)', 'nothing'],
    ['Callers', { callers: null }, 'billing', 'not known'],
    ['Callers', { callers: [] }, 'billing', 'nothing'],
    ['Approved by', { yeses: [{ at: 1, by: 'bob', reason: 'x' }] }, 'nobody', 'bob'],
  ])('differs in %s alone', (label, over, old, fresh) => {
    expect(differencesOf(before, question(over))).toEqual([{ label, before: old, after: fresh }]);
  });

  it('names facts that came and went', () => {
    const facts = [...before.facts.slice(1), { label: 'Used', text: 'a minute ago' }];
    expect(differencesOf(before, question({ facts }))).toEqual([
      { label: 'Breaks', before: 'billing', after: 'nothing' },
      { label: 'Used', before: 'nothing', after: 'a minute ago' },
    ]);
  });
});
