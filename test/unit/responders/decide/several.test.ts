import { describe, expect, it } from 'vitest';
import { mostSuspects, severalFacts } from '../../../../responders/decide/several.ts';
import type { Confirmed, Facts } from '../../../../responders/decide/suspect-kind.ts';
import type { Named } from '../../../../responders/finding/identify.ts';
import { someSettings } from '../../../support/fakes/deps.ts';
import { momentOfDecision, ok } from '../../../support/responders/decide/input.ts';

const failed = { ok: false, missing: false, busy: false, why: 'AccessDenied' } as const;
const missing = { ...failed, missing: true } as const;

const confirmed = (over: Partial<Confirmed> = {}): Confirmed => ({
  suspect: { kind: 'user', userName: 'u' },
  arns: ['arn:u'],
  tags: [{}],
  parts: 'user',
  contradiction: null,
  proof: 'proven',
  ...over,
});

describe('several identities', () => {
  const user = (number: number): Named => ({
    ...{ kind: 'user', userName: `u${number}` },
    claimed: { userId: `AIDA${number}` },
  });
  const leaving = { finding: { account: '1' }, settings: someSettings(), now: momentOfDecision };
  const about = (number: number, over: Partial<Confirmed> = {}, facts: Partial<Facts> = {}) => ({
    named: user(number),
    facts: {
      reads: { user: ok(number) },
      confirmed: confirmed({
        suspect: { kind: 'user', userName: `u${number}` },
        arns: [`arn:u${number}`],
        ...over,
      }),
      code: undefined,
      ...facts,
    },
  });
  const identified = (count: number, besides: readonly string[] = []) => ({
    named: user(1),
    ...(count > 1 && { others: Array.from({ length: count - 1 }, (_, at) => user(at + 2)) }),
    ...(besides.length > 0 && { besides }),
  });

  it('are judged together: each proof, each part and each tag once or in order', () => {
    const { confirmed: together, reads } = severalFacts(
      identified(2),
      [about(1), about(2, { proof: 'proven too', parts: 'role', tags: [{ a: 'b' }] })],
      leaving,
    );
    expect(together).toEqual({
      suspect: { kind: 'user', userName: 'u1' },
      suspects: [{ kind: 'user', userName: 'u2' }],
      arns: ['arn:u1', 'arn:u2'],
      tags: [{}, { a: 'b' }],
      parts: 'user and role',
      contradiction: null,
      proof: 'proven, proven too',
    });
    expect(Object.keys(reads)).toEqual(['user of user u1', 'user of user u2']);
  });

  it('that are not certain are left and named; where nobody is certain, all are asked about', () => {
    const doubted = about(2, { contradiction: 'another id' });
    const person = about(3, { asks: 'it may be a person' });
    const one = severalFacts(identified(3, ['root (no)']), [about(1), doubted, person], leaving);
    expect(one.confirmed?.suspects).toBeUndefined();
    expect(one.confirmed?.proof).toBe(
      'proven; not contained: user u2 (another id), user u3 (it may be a person), root (no)',
    );
    const none = severalFacts(identified(2), [doubted, person], leaving).confirmed;
    expect(none?.contradiction).toBe('another id');
    expect(none?.asks).toBe('it may be a person');
    expect(none?.suspects).toHaveLength(1);
  });

  it('that are gone or exempt are left, whatever a person says', () => {
    const gone = about(2, {}, { reads: { user: missing }, confirmed: null });
    const settings = someSettings({ neverContain: [{ arn: 'arn:u3', because: 'the way in' }] });
    const all = [about(1), gone, about(3)];
    const { confirmed: left, reads } = severalFacts(identified(3), all, { ...leaving, settings });
    expect(left?.proof).toBe(
      'proven; not contained: user u2 (it no longer exists), user u3 (the way in)',
    );
    expect(Object.keys(reads)).toEqual(['user of user u1']);
    const only = severalFacts(identified(2), [gone, gone], leaving);
    expect([only.confirmed, Object.keys(only.reads).length]).toEqual([null, 1]);
  });

  it('of which a part is gone are still there: a deleted function leaves its role', () => {
    const half = about(2, {}, { reads: { function: missing, role: ok(2) } });
    const { confirmed: both } = severalFacts(identified(2), [about(1), half], leaving);
    expect(both?.suspects).toEqual([{ kind: 'user', userName: 'u2' }]);
    expect(both?.proof).toBe('proven');
  });

  it('of whom one could not be read are not confirmed', () => {
    const unread = about(2, {}, { reads: { user: failed }, confirmed: null });
    expect(severalFacts(identified(2), [about(1), unread], leaving).confirmed).toBeNull();
  });

  it('that are more than the limit ask, and more than can be read are named', () => {
    const all = Array.from({ length: mostSuspects }, (_, at) => about(at + 1));
    expect(severalFacts(identified(5), all.slice(0, 5), leaving).confirmed?.asks).toBeUndefined();
    expect(severalFacts(identified(6), all.slice(0, 6), leaving).confirmed?.asks).toBe(
      'it names 6 identities, more than the 5 that are contained without a question',
    );
    expect(severalFacts(identified(11), all, leaving).confirmed?.asks).toBe(
      'it names 11 identities, more than the 5 that are contained without a question; ' +
        'not contained: user u11',
    );
  });

  it('run the code of the first that runs some; a single one is judged as it is', () => {
    const withCode = about(2, {}, { code: 'c2' });
    expect(severalFacts(identified(2), [about(1), withCode], leaving).code).toBe('c2');
    expect(severalFacts(identified(2), [about(1), about(2)], leaving).code).toBeUndefined();
    const alone = about(1);
    expect(severalFacts(identified(1), [alone], leaving)).toBe(alone.facts);
    expect(severalFacts(identified(1, ['root (no)']), [alone], leaving).confirmed?.proof).toBe(
      'proven; not contained: root (no)',
    );
  });
});
