import { describe, expect, it } from 'vitest';
import {
  entryText,
  exemptionOf,
  expiredEntries,
  fits,
  isExpired,
  suppressionOf,
  wantedEntries,
} from '../../../../responders/decide/entries.ts';
import { closestFirst, rowOf, severityOf } from '../../../../responders/decide/finding-types.ts';
import { overrideOf } from '../../../../responders/decide/type-override.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

describe('an entry of the configuration', () => {
  it('is read with the parts that it has, and no others', () => {
    const because = 'a reason';
    expect(exemptionOf({ arn: 'arn:x', because }, 'p')).toEqual({ arn: 'arn:x', because });
    expect(
      exemptionOf({ tag: 'a=b', account: '1', owner: 'anna', until: 5, because, more: 1 }, 'p'),
    ).toEqual({ tag: 'a=b', account: '1', owner: 'anna', until: 5, because });
    expect(exemptionOf({ arn: 'arn:x', until: 0, owner: '', because }, 'p')).toEqual({
      arn: 'arn:x',
      until: 0,
      because,
    });
  });

  it.each([
    ['no scope', { because: 'a reason' }],
    ['an empty scope', { arn: '', tag: '', account: '', because: 'a reason' }],
    ['no reason', { arn: 'arn:x' }],
    ['nothing', null],
  ])('with %s is refused, and where it stands is told', (_what, source) => {
    expect(() => exemptionOf(source, 'neverContain.3')).toThrow(
      'neverContain.3: wanted an ARN, a tag or an account, and a reason',
    );
  });

  it('that suppresses needs reason, owner and end, and may name a type', () => {
    const full = { type: 'A:*', arn: 'arn:x', because: 'a reason', owner: 'anna', until: 5 };
    expect(suppressionOf(full)).toEqual(full);
    const { type: _type, arn: _arn, ...rest } = full;
    expect(suppressionOf({ ...rest, type: '' })).toEqual(rest);
    for (const field of ['because', 'owner', 'until'])
      expect(() => suppressionOf({ ...full, [field]: undefined })).toThrow(`${field}: wanted`);
  });

  it('is read from a list, each with its own place', () => {
    const source = { list: [{ arn: 'a', because: 'b' }, { because: 'b' }] };
    expect(() => wantedEntries(source, 'list', exemptionOf)).toThrow('list.1: wanted an ARN');
    expect(wantedEntries({ list: source.list.slice(0, 1) }, 'list', exemptionOf)).toEqual([
      { arn: 'a', because: 'b' },
    ]);
  });

  it('ends at its moment, and not before', () => {
    expect([noon - 1, noon, noon + 1].map((now) => isExpired({ until: noon }, now))).toEqual([
      false,
      true,
      true,
    ]);
    expect(isExpired({}, noon)).toBe(false);
  });

  it('fits where each part that it has fits', () => {
    const of = { arns: ['arn:a:1', 'arn:b:2'], account: '1' };
    expect(fits({}, of)).toBe(true);
    expect(fits({ arn: 'arn:b:*' }, of)).toBe(true);
    expect(fits({ arn: 'arn:c:*' }, of)).toBe(false);
    expect(fits({ account: '1' }, of)).toBe(true);
    expect(fits({ account: '2' }, of)).toBe(false);
    expect(fits({ arn: 'arn:b:*', account: '2' }, of)).toBe(false);
    expect(fits({ arn: 'arn:b:*' }, { arns: [], account: '1' })).toBe(false);
  });

  it('is told with everything that it has', () => {
    const all = { type: 'A:*', arn: 'arn:x', tag: 'a=b', account: '1' };
    expect(entryText({ ...all, because: 'r', owner: 'anna', until: noon })).toBe(
      'A:* and arn:x and a=b and 1 (anna, until 2026-11-21T12:00:00.000Z): r',
    );
    expect(entryText({ arn: 'arn:x', because: 'r', until: noon })).toBe(
      'arn:x (until 2026-11-21T12:00:00.000Z): r',
    );
    expect(entryText({ arn: 'arn:x', because: 'r', owner: 'anna' })).toBe('arn:x (anna): r');
    expect(entryText({ arn: 'arn:x', because: 'r' })).toBe('arn:x: r');
  });

  it('that has ended is told, of both lists', () => {
    const ended = { because: 'r', owner: 'anna', until: noon - 1 };
    const neverContain = [
      { ...ended, arn: 'arn:x' },
      { because: 'r', arn: 'arn:y' },
    ];
    const suppressions = [
      { ...ended, type: 'A:*' },
      { ...ended, type: 'B:*', until: noon + 1 },
    ];
    expect(expiredEntries({ neverContain, suppressions }, noon)).toEqual([
      'arn:x (anna, until 2026-11-21T11:59:59.999Z): r',
      'A:* (anna, until 2026-11-21T11:59:59.999Z): r',
    ]);
  });
});

describe('what the configuration says about a type', () => {
  it('is read with the parts that it has', () => {
    expect(overrideOf({ type: 'A:*' })).toEqual({ type: 'A:*' });
    expect(overrideOf({ type: 'A:*', contain: 'never', ask: 0, tell: 0 })).toEqual({
      type: 'A:*',
      contain: 'never',
      ask: 0,
      tell: 0,
    });
  });

  it.each([
    [{}, 'type: wanted text'],
    [{ type: 'A:*', contain: 'always' }, 'contain: wanted a number'],
    [{ type: 'A:*', ask: null }, 'ask: wanted a number'],
    [{ type: 'A:*', tell: 'never' }, 'tell: wanted a number'],
  ])('and refused where it is wrong: %j', (source, message) => {
    expect(() => overrideOf(source)).toThrow(message);
  });

  const settings = (
    findingTypes: Parameters<typeof rowOf>[1]['findingTypes'],
    minSeverity = 4,
  ) => ({
    findingTypes,
    minSeverity,
  });
  const type = 'Backdoor:Lambda/C&CActivity.B';

  it('goes before the table, the closer pattern before the wider one', () => {
    const wide = { type: 'Backdoor:*', contain: 9, ask: 'never', tell: 2 } as const;
    const close = { type: 'Backdoor:Lambda/*', contain: 5 };
    for (const order of [
      [wide, close],
      [close, wide],
    ])
      expect(rowOf(type, settings(order))).toEqual({
        contain: 5,
        ask: Number.POSITIVE_INFINITY,
        tell: 2,
        family: 'Backdoor:Lambda/*',
        isKnown: true,
      });
    expect(rowOf(type, settings([{ type: 'Trojan:*', contain: 1 }])).contain).toBe(7);
  });

  it('goes before the least severity too, which raises what only the table says', () => {
    expect(rowOf(type, settings([], 8))).toMatchObject({ contain: 8, ask: 8, tell: 8 });
    expect(rowOf(type, settings([], 0))).toMatchObject({ contain: 7, ask: 4, tell: 0 });
    expect(rowOf(type, settings([{ type, contain: 1, ask: 1, tell: 1 }], 8))).toMatchObject({
      contain: 1,
      ask: 1,
      tell: 1,
    });
  });

  it('leaves a type that the table tells in any case told at any severity', () => {
    const logging = 'Stealth:IAMUser/CloudTrailLoggingDisabled';
    expect(rowOf(logging, settings([], 10))).toMatchObject({ tell: 0, isKnown: true });
    expect(rowOf('Brand:New/Kind', settings([]))).toMatchObject({ family: '*', isKnown: false });
  });
});

it('a threshold that is no number is above every severity', () => {
  expect([severityOf(3), severityOf(0), severityOf('never'), severityOf(undefined)]).toEqual([
    3,
    0,
    Number.POSITIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ]);
});

it('the pattern with the most letters of its own is the closest', () => {
  const rows = ['*', 'A:*', 'A:B/*', 'A:B/C', 'B:*', '*****'].map((pattern) => ({ pattern }));
  expect(
    closestFirst('A:B/C', rows, ({ pattern }) => pattern).map(({ pattern }) => pattern),
  ).toEqual(['A:B/C', 'A:B/*', 'A:*', '*', '*****']);
});
