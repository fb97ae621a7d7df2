// What the page of the timeline makes of its events, without a browser.
import { describe, expect, it } from 'vitest';
import { densityOf, stripHeight, stripWidth } from '../../../console/pages/src/timeline/density.ts';
import {
  csvOf,
  folded,
  hasWord,
  type ShownEvent,
  shownEvent,
} from '../../../console/pages/src/timeline/shown-event.ts';

const event = (over: Partial<Parameters<typeof shownEvent>[0]> = {}, index = 0): ShownEvent =>
  shownEvent(
    {
      ...{ at: '2026-11-21T03:41:00.000Z', action: 's3:GetObject', outcome: 'done' },
      ...{ actor: 'orders', sourceIp: '198.51.100.7', whose: 'suspect', resources: ['a'] },
      ...over,
    },
    index,
  );

describe('an event', () => {
  it('of an older Cordon has empty fields instead of missing ones', () => {
    const old = shownEvent({ at: '2026-11-21T03:41:00Z', action: 'a', outcome: 'done' }, 3);
    expect(old).toMatchObject({
      ...{ id: '3', until: old.at, count: 1, whose: 'unknown', key: '', sourceIp: '' },
      ...{ resources: [], mark: '' },
    });
  });

  it('is found by what people pivot on, and by nothing else', () => {
    const seen = event({
      key: 'ASIA…WXYZ',
      userAgent: 'curl/8',
      resources: ['arn:aws:s3:::Bills'],
    });
    for (const word of ['', 's3:getobject', 'asia…', '198.51.', 'orders', 'bills'])
      expect([word, hasWord(seen, word)]).toEqual([word, true]);
    for (const word of ['curl', 'denied', '2026'])
      expect([word, hasWord(seen, word)]).toEqual([word, false]);
  });
});

describe('repeats', () => {
  it('in a row are one event with a count, the last time, and all resources', () => {
    const rows = folded([
      event({ resources: ['a'] }),
      event({ at: '2026-11-21T03:42:00.000Z', count: 4, resources: ['b', 'a'] }),
      event({ at: '2026-11-21T03:43:00.000Z' }),
    ]);
    expect(rows).toMatchObject([
      { count: 6, until: '2026-11-21T03:43:00.000Z', resources: ['a', 'b'] },
    ]);
    expect(rows[0]?.raw).toHaveLength(3);
  });

  it.each([
    ['another call', { action: 's3:PutObject' }],
    ['another outcome', { outcome: 'AccessDenied' }],
    ['another actor', { actor: 'payments' }],
    ['another address', { sourceIp: '203.0.113.1' }],
    ['another lane', { whose: 'cordon' }],
    ['a mark', { mark: 'finding' }],
  ])('are broken by %s', (_what, over) => {
    expect(folded([event(), event(over), event()])).toHaveLength(3);
  });

  it('name at most 20 resources and lose no event', () => {
    const many = Array.from({ length: 50 }, (_event, index) =>
      event({ resources: [`r-${index}`] }),
    );
    const [row] = folded(many);
    expect([row?.resources.length, row?.raw.length, row?.count]).toEqual([20, 50, 50]);
  });
});

describe('the file for Timesketch', () => {
  it('has the three columns that it needs, and the time as it reads it', () => {
    const csv = csvOf([event(), event({ count: 3, resources: [] })]);
    const rows = csv
      .trim()
      .split('\r\n')
      .map((line) => line.split(',').map((field) => field.replaceAll('"', '')));
    expect(rows).toEqual([
      ['message', 'datetime', 'timestamp_desc'],
      ...[
        's3:GetObject on a by orders from 198.51.100.7: done',
        's3:GetObject (3 times) by orders from 198.51.100.7: done',
      ].map((message) => [message, '2026-11-21T03:41:00.000Z', 'CloudTrail event time']),
    ]);
  });
});

describe('the strip of how much was done when', () => {
  it('has nothing to draw without an event with a time', () => {
    expect(densityOf([], null)).toBeUndefined();
    expect(densityOf([event({ at: 'never' })], '2026-11-21T04:00:00Z')).toBeUndefined();
  });

  it('ends at the last event, or where the records end if that is later', () => {
    const first = event();
    const last = event({ at: '2026-11-21T04:41:00.000Z' });
    const hour = { from: Date.parse(first.at), to: Date.parse(last.at) };
    expect(densityOf([first, last], null)).toMatchObject({ ...hour, horizonAt: stripWidth });
    const half = densityOf([first, last], '2026-11-21T04:11:00.000Z');
    expect(half).toMatchObject({ ...hour, horizonAt: stripWidth / 2 });
    const later = densityOf([first, last], '2026-11-21T05:41:00.000Z');
    expect(later).toMatchObject({ to: hour.to + 3_600_000, horizonAt: stripWidth });
  });

  it('lasts a minute at least, and an early horizon is at its beginning', () => {
    const drawn = densityOf([event()], '2026-11-21T03:41:00.000Z');
    expect(drawn).toMatchObject({ horizonAt: 0 });
    expect((drawn?.to ?? 0) - (drawn?.from ?? 0)).toBe(60_000);
  });

  it('draws the fullest moment to the top, and one call so that it is seen', () => {
    const calls = [
      event(),
      event({ at: '2026-11-21T05:41:00.000Z', count: 60 }),
      event({ at: '2026-11-21T05:41:00.000Z', count: 40, whose: 'cordon' }),
    ];
    const bars = densityOf(calls, null)?.bars ?? [];
    expect(bars.map(({ lane }) => lane)).toEqual(['suspect', 'suspect', 'cordon']);
    const [alone, below, above] = bars.map(({ height }) => height);
    expect((below ?? 0) + (above ?? 0)).toBeCloseTo(stripHeight);
    expect(alone).toBeCloseTo(stripHeight / 10);
    for (const { x, y, width } of bars) {
      expect(x + width).toBeLessThanOrEqual(stripWidth);
      expect(y).toBeGreaterThanOrEqual(-1e-6);
    }
  });
});
