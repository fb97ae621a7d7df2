import { describe, expect, it } from 'vitest';
import { searchOf } from '../../../../../protected-app/audit/api/query.ts';
import type { AuditReader } from '../../../../../protected-app/audit/api/reader.ts';
import { cursorOf } from '../../../../../protected-app/shared/cursor.ts';
import { HttpProblem } from '../../../../../protected-app/shared/problem.ts';

const now = Date.parse('2026-12-01T10:00:00.000Z');
const reader: AuditReader = { id: 'arn:aws:iam::1:role/A', systems: ['protected-app'] };

const problemOf = (query: unknown, by = reader): HttpProblem => {
  try {
    searchOf(query, by, now);
  } catch (error) {
    if (error instanceof HttpProblem) return error;
    throw error;
  }
  throw new Error('it was taken');
};

it('is about the last day where no time is named', () => {
  const search = searchOf({}, reader, now);
  expect(search).toMatchObject({
    ...{ to: now, from: now - 86_400_000, limit: 50, filters: {} },
    begin: { day: '2026-12-01' },
  });
});

describe('answers 400, and says which parameter', () => {
  it.each([
    ['SQL', 'action', { action: "x' OR '1'='1" }],
    ['SQL that ends a statement', 'actor', { actor: 'x;DROP TABLE events--' }],
    ['a wildcard', 'producer', { producer: 'Product*' }],
    ['a wildcard of SQL', 'action', { action: 'products.%' }],
    ['a thousand terms', 'actor', { actor: Array(10_000).fill('a').join(',') }],
    ['a filter of its own', '', { 'producer.system': 'cordon' }],
    ['a system that there is not', 'system', { system: 'shop' }],
    ['a limit above the most', 'limit', { limit: '101' }],
    ['a limit that is no number', 'limit', { limit: '1e2' }],
    ['a time without a zone', 'from', { from: '2026-12-01T10:00:00' }],
    ['a time that is none', 'to', { to: 'yesterday' }],
    ['a time before all times', 'to', { to: '0000-01-01T00:00:00Z' }],
    ['months', 'from', { from: '2026-01-01T00:00:00Z' }],
    ['an end before its beginning', 'from', { from: '2026-12-02T00:00:00Z' }],
    ['a cursor that is none', 'cursor', { cursor: 'x' }],
    ['a cursor of a megabyte', 'cursor', { cursor: 'x'.repeat(1_000_000) }],
  ])('to %s', (_words, pointer, query) => {
    const { status, fields } = problemOf(query);
    expect(status).toBe(400);
    expect(fields[0]?.pointer).toBe(pointer);
  });
});

describe('a cursor', () => {
  const query = { action: 'products.read' };
  const cursor = searchOf(query, reader, now).cursorAt({
    ...{ day: '2026-12-01', after: { id: 'event-0001', at: now - 1_000 } },
  });

  it('goes on where its page ended, with the times that the search began with', () => {
    const search = searchOf({ ...query, cursor, limit: '3' }, reader, now + 60_000);
    expect(search).toMatchObject({
      ...{ to: now, from: now - 86_400_000, limit: 3 },
      begin: { day: '2026-12-01', after: { id: 'event-0001', at: now - 1_000 } },
    });
  });

  it('is refused for another caller, with other rights, and for another search', () => {
    const others = [
      problemOf({ ...query, cursor }, { ...reader, id: 'arn:aws:iam::1:role/B' }),
      problemOf({ ...query, cursor }, { ...reader, systems: ['cordon', 'protected-app'] }),
      problemOf({ cursor }),
      problemOf({ ...query, actor: 'somebody', cursor }),
      problemOf({ ...query, to: '2026-12-01T10:00:00Z', cursor }),
    ];
    expect(others.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  });

  it.each([
    ['a day outside of the search', { day: '2020-01-01', after: undefined }],
    ['a day with an event of another', { day: '2026-11-30' }],
    ['an event outside of the search', { day: '2020-01-01', after: { id: 'x', at: 1 } }],
    ['an event without an id', { after: { id: '', at: now - 1_000 } }],
    ['years', { from: 0 }],
    ['a time that no day has', { to: Number.MAX_SAFE_INTEGER }],
  ])('is refused where it was made up for %s', (_words, change) => {
    const place = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    expect(problemOf({ ...query, cursor: cursorOf({ ...place, ...change }) }).status).toBe(400);
  });
});
