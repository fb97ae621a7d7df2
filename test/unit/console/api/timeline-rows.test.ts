import { describe, expect, it } from 'vitest';
import { timelineRows } from '../../../../console/api/timeline-rows.ts';
import type { Head } from '../../../../responders/incident/case.ts';
import { aCase } from '../../../support/fakes/sources.ts';

const at = (second: number): string =>
  new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString();
const ms = (second: number): number => Date.parse(at(second));
const call = (second: number, more: object) => ({
  ...{ at: at(second), id: `call-${second}`, whose: 'suspect', origin: 'unclear' },
  ...{ action: 's3:GetObject', outcome: 'allowed' },
  ...more,
});
const rowsOf = (stored: readonly object[], head: Partial<Head> = {}) =>
  timelineRows(
    stored.map((event) => ({ ...event })),
    aCase(head),
  ).rows;
const lanesOf = (stored: readonly object[]) => rowsOf(stored).map(({ lane }) => lane);

describe('the lane of a call', () => {
  it('is that of the attacker where the log does not name somebody else', () => {
    expect(
      lanesOf([
        call(1, {}),
        call(2, { whose: 'followed', origin: undefined }),
        call(3, { whose: 'something that a later version writes' }),
        call(4, { whose: 'cordon' }),
        call(5, { whose: 'platform' }),
      ]),
    ).toEqual(['attacker', 'attacker', 'attacker', 'cordon', 'bystanders']);
  });

  it('is that of a bystander for the function only if the attacker was seen elsewhere', () => {
    const own = call(1, { origin: 'function' });

    expect(lanesOf([own, call(2, {})])).toEqual(['attacker', 'attacker']);
    expect(lanesOf([own, call(2, { origin: 'attacker' })])).toEqual(['bystanders', 'attacker']);
  });
});

describe('the first call that was allowed', () => {
  const markOf = (stored: readonly object[]) =>
    rowsOf(stored).flatMap((row) => ('mark' in row ? [[row.id, row.mark]] : []));

  it('is the first of the session that proves something', () => {
    expect(
      markOf([
        call(1, { action: 'sts:GetCallerIdentity' }),
        call(2, { outcome: 'AccessDenied' }),
        call(3, { whose: 'platform' }),
        call(4, {}),
        call(5, {}),
        call(6, { mark: 'last allowed' }),
      ]),
    ).toEqual([
      ['call-4', 'first allowed'],
      ['call-6', 'last allowed'],
    ]);
  });

  it('keeps the mark of the last one where it is the only one', () => {
    expect(
      markOf([call(1, { mark: 'last allowed' }), call(2, { outcome: 'AccessDenied' })]),
    ).toEqual([['call-1', 'last allowed']]);
  });
});

describe('what people decided', () => {
  const anna = { by: 'arn:aws:sts::1:assumed-role/CordonConsoleApproveRole/anna', reason: 'real' };
  const bob = { by: 'arn:aws:sts::1:assumed-role/CordonConsoleApproveRole/bob', reason: 'agreed' };
  const yes = { person: 'p', mark: 'm', round: 1, revisions: 1 };

  it('stands among the calls in the order of time, each decision once', () => {
    const rows = rowsOf([call(1, {}), call(8, { whose: 'cordon' }), call(30, {})], {
      yeses: [
        { ...anna, ...yes, at: ms(5) },
        { ...bob, ...yes, at: ms(7) },
      ],
      answers: [{ ...bob, at: ms(7), contain: true }],
      release: { ...anna, at: ms(20), reason: 'the keys are new' },
    });

    expect(
      rows.map(({ lane, action, actor = '', says = '' }) => [lane, action, actor, says]),
    ).toEqual([
      ['attacker', 's3:GetObject', '', ''],
      ['people', 'Approve as the first of two', anna.by, 'real'],
      ['people', 'Approve containment', bob.by, 'agreed'],
      ['cordon', 's3:GetObject', '', ''],
      ['people', 'Release', anna.by, 'the keys are new'],
      ['attacker', 's3:GetObject', '', ''],
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
  });

  it('is Cordon’s where the time limit has answered', () => {
    const rows = rowsOf([], {
      answers: [{ at: ms(7), by: 'policy', contain: false, reason: 'nobody answered' }],
    });

    expect(rows).toMatchObject([
      { lane: 'cordon', whose: 'cordon', actor: 'the time limit', action: 'Leave alone' },
    ]);
  });
});
