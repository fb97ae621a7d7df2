import { describe, expect, it } from 'vitest';
import { marksOf, sinceBefore } from '../../../../console/pages/src/incident/clock-strip.ts';
import { csvOf } from '../../../../console/pages/src/timeline/export-csv.ts';
import { folded } from '../../../../console/pages/src/timeline/fold.ts';
import { laneIn, stripOf } from '../../../../console/pages/src/timeline/lane-strip.ts';
import {
  isAbout,
  pivotIn,
  pivotsOf,
  pivotText,
} from '../../../../console/pages/src/timeline/pivots.ts';
import { filterOf } from '../../../../console/pages/src/timeline/raw-record.ts';
import {
  hasWord,
  type ShownEvent,
  shownEvent,
} from '../../../../console/pages/src/timeline/shown-event.ts';
import fc from '../../../support/property.ts';

const at = (second: number): string =>
  `${new Date(Date.UTC(2026, 10, 21, 10, 0, second)).toISOString().slice(0, 19)}Z`;
const event = (second: number, more: object = {}): ShownEvent =>
  shownEvent(
    {
      ...{ at: at(second), id: `e-${second}`, lane: 'attacker', whose: 'suspect' },
      ...{ origin: 'attacker', actor: 'arn:aws:sts::1:assumed-role/r/f', key: 'ASIA1' },
      ...{ action: 's3:GetObject', outcome: 'allowed', sourceIp: '198.51.100.23' },
      ...{ userAgent: 'curl', resources: [`arn:aws:s3:::b/${second}`] },
      ...more,
    },
    second,
  );

describe('the clock strip', () => {
  const clocks = {
    ...{ activity: null, finding: 1_000, accepted: 3_000, effective: 9_000, report1: null },
    released: null,
  };

  it('has the last call that was allowed among its marks, also if it was before the last change', () => {
    const marks = marksOf(clocks, '1970-01-01T00:00:07.000Z');

    expect(marks.map(({ id }) => id)).toEqual([
      ...['finding', 'accepted', 'effective', 'lastAllowed', 'report1'],
    ]);
    expect(marks.map((_mark, index) => sinceBefore(marks, index))).toEqual([
      ...[null, 2_000, 6_000, -2_000, null],
    ]);
  });

  it('says of no call that it is still to come', () => {
    for (const nothing of [null, 'no time'])
      expect(marksOf(clocks, nothing).map(({ id }) => id)).not.toContain('lastAllowed');
  });
});

describe('folding', () => {
  const countsOf = (events: readonly ShownEvent[]) =>
    folded(events).map(({ id, count }) => [id, count]);

  it('makes one row of repeats, also where other calls are between them', () => {
    const other = { action: 'kms:Decrypt' };

    expect(countsOf([event(1), event(2, other), event(3), event(4, other), event(5)])).toEqual([
      ['e-1', 3],
      ['e-2', 2],
    ]);
    expect(folded([event(1), event(3)])[0]).toMatchObject({
      until: at(3),
      resources: ['arn:aws:s3:::b/1', 'arn:aws:s3:::b/3'],
    });
  });

  it('begins a new row after a minute without such a call', () => {
    expect(countsOf([event(0), event(60), event(121)])).toEqual([
      ['e-0', 2],
      ['e-121', 1],
    ]);
  });

  it.each([
    ['a mark', { mark: 'last allowed' }],
    ['a count', { count: 214 }],
    ['a decision', { says: 'because' }],
  ])('leaves %s alone', (_what, more) => {
    expect(countsOf([event(1), event(2, more), event(3)]).map(([id]) => id)).toContain('e-2');
  });

  it('loses no call and invents none', () => {
    const some = fc.record({
      second: fc.integer({ min: 0, max: 600 }),
      action: fc.constantFrom('a:A', 'b:B'),
      mark: fc.constantFrom('', '', '', 'last allowed'),
    });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 60 }), (given) => {
        const events = given
          .sort((left, right) => left.second - right.second)
          .map(({ second, ...more }, index) => event(second, { ...more, id: `e-${index}` }));
        const ids = folded(events).flatMap(({ raw }) => raw.map(({ id }) => id));
        expect(ids.toSorted()).toEqual(events.map(({ id }) => id).toSorted());
      }),
    );
  });
});

describe('the strip', () => {
  const ends = { horizon: at(300), until: at(600) };

  it('has four lanes, and the same number of nodes however many events there are', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => event(index % 300));
    const strip = stripOf([...many, event(2, { lane: 'people', says: 'why' })], ends);

    expect(strip?.lanes.map(({ lane, events }) => [lane, events])).toEqual([
      ['attacker', 10_000],
      ['cordon', 0],
      ['people', 1],
      ['bystanders', 0],
    ]);
    for (const { bars } of strip?.lanes ?? [])
      expect(bars.split('M').length - 1).toBeLessThanOrEqual(100);
  });

  it('ends where the logs were asked, and names where their records end', () => {
    const strip = stripOf([event(0), event(240, { mark: 'last allowed' })], ends);

    expect(strip).toMatchObject({ horizon: 50, to: Date.parse(at(600)) });
    expect(strip?.marks).toEqual([{ id: 'e-240', mark: 'last allowed', at: at(240), left: 40 }]);
    expect(stripOf([event(0)], { horizon: null, until: null })?.horizon).toBe(0);
    expect(stripOf([], ends)).toBeUndefined();
  });

  it('takes no lane from the address that there is not', () => {
    expect(['people', 'toString', ''].map(laneIn)).toEqual(['people', '', '']);
  });
});

describe('a pivot', () => {
  it('comes back from the address as it went there', () => {
    for (const pivot of pivotsOf(event(1))) expect(pivotIn(pivotText(pivot))).toEqual(pivot);
    for (const wrong of [undefined, ['key:a'], 'key:', 'constructor:x', `key:${'x'.repeat(301)}`])
      expect(pivotIn(wrong)).toBeUndefined();
  });

  it('compares whole values, as a search does not', () => {
    const pivot = pivotIn('address:198.51.100.2');

    expect(isAbout(event(1), pivot)).toBe(false);
    expect(hasWord(event(1), '198.51.100.2')).toBe(true);
    expect(isAbout(event(1), pivotIn('address:198.51.100.23'))).toBe(true);
    expect(isAbout(event(1), pivotIn('resource:arn:aws:s3:::b/1'))).toBe(true);
  });
});

describe('a search', () => {
  it('looks at call, key, address, caller, resources and reason, in any letters', () => {
    const decided = event(1, { says: 'The OWNER knows it', resources: ['arn:aws:s3:::Bucket'] });

    for (const word of ['getobject', 'asia1', '198.51', 'assumed-role/r', 's3:::bucket', 'owner'])
      expect([word, hasWord(decided, word)]).toEqual([word, true]);
    for (const word of ['curl', 'undefined', 'allowed'])
      expect([word, hasWord(event(1, { key: undefined }), word)]).toEqual([word, false]);
    expect(hasWord(decided, '')).toBe(true);
  });
});

describe('the export', () => {
  it('has what Timesketch wants, a line for each event', () => {
    const decided = { says: 'it is "real"', action: 'Release', resources: [], sourceIp: '' };
    const [head, first, second, third] = csvOf([
      event(1),
      event(2, { ...decided, lane: 'people' }),
      event(3, { ...decided, lane: 'cordon' }),
    ]).split('\r\n');

    expect(head?.split(',').slice(0, 3)).toEqual(['message', 'datetime', 'timestamp_desc']);
    expect(first).toContain('"2026-11-21T10:00:01+00:00","CloudTrail event time"');
    expect(second).toContain('it is ""real""","2026-11-21T10:00:02+00:00","Decision of a person"');
    expect(third).toContain('"2026-11-21T10:00:03+00:00","End of a time limit"');
  });
});

describe('the filter of a record', () => {
  it('names the file of the pulled folder, and nothing of an id that a shell would run', () => {
    const key = 'incidents/2026/11/21/inc-20261121-c5n7r2pd/round-2/timeline/pass-2.json';
    const hostile = event(1, { id: `a'; rm -rf / #` });

    expect(filterOf(hostile, key)).toBe(
      `jq '.all[] | select(.id | IN("arm-rf"))' evidence/timeline/pass-2.json`,
    );
    const [row] = folded([event(1), event(2)]);
    expect(row && filterOf(row, key)).toContain('IN("e-1","e-2")');
  });
});
