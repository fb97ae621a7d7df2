import { expect, it } from 'vitest';
import { parseSoql } from '../../../../local/stand-ins/soql.ts';
import { contactFields } from '../../../../protected-app/worker/salesforce/contact.ts';
import { changedSince } from '../../../../protected-app/worker/salesforce/poll.ts';

const types = { Id: 'id', Name: 'text', SystemModstamp: 'dateTime', IsDeleted: 'boolean' } as const;
const parse = (soql: string) => parseSoql(soql, 'Contact', types);
const id = '003000000000001AAA';

it.each([
  ['no object', 'SELECT Id', 'MALFORMED_QUERY'],
  ['another object', 'SELECT Id FROM Account', 'MALFORMED_QUERY'],
  ['everything', 'SELECT * FROM Contact', 'MALFORMED_QUERY'],
  ['a field that is not there', 'SELECT Nickname FROM Contact', 'INVALID_FIELD'],
  ['a field twice', 'SELECT Id, Id FROM Contact', 'INVALID_FIELD'],
  [
    'a time in quotes',
    "SELECT Id FROM Contact WHERE SystemModstamp > '2026-11-01T00:00:00Z'",
    'INVALID_FIELD',
  ],
  ['a text without quotes', 'SELECT Id FROM Contact WHERE Name = Ada', 'INVALID_FIELD'],
  ['no id', "SELECT Id FROM Contact WHERE Id = '003'", 'INVALID_QUERY_FILTER_OPERATOR'],
  [
    'AND with OR',
    "SELECT Id FROM Contact WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
    'MALFORMED_QUERY',
  ],
  ['an open parenthesis', "SELECT Id FROM Contact WHERE (Name = 'a'", 'MALFORMED_QUERY'],
  ['something after the end', 'SELECT Id FROM Contact ORDER BY Id ASC; DROP', 'MALFORMED_QUERY'],
  ['an unclosed text', "SELECT Id FROM Contact WHERE Name = 'a", 'MALFORMED_QUERY'],
])('a query with %s is refused, as Salesforce would', (_, soql, code) => {
  expect(() => parse(soql)).toThrow(expect.objectContaining({ code }));
});

it('finds and sorts what a query asks for', () => {
  const row = (Name: string, seconds: number) => ({
    Id: id,
    Name,
    IsDeleted: false,
    SystemModstamp: new Date(seconds * 1_000).toISOString(),
  });
  const { matches, compare, fields } = parse(
    "SELECT Id, Name FROM Contact WHERE SystemModstamp > 1970-01-01T00:00:05Z OR (SystemModstamp = 1970-01-01T00:00:05.000Z AND Name IN ('it\\'s', 'b')) ORDER BY SystemModstamp DESC, Name",
  );
  const rows = [row('a', 5), row('b', 5), row("it's", 5), row('z', 6), row('c', 4)];
  expect(fields).toEqual(['Id', 'Name']);
  expect(
    rows
      .filter(matches)
      .sort(compare)
      .map(({ Name }) => Name),
  ).toEqual(['z', 'b', "it's"]);
});

const mark = { id, stamp: '2026-11-01T10:00:00.000Z' };

it('the first poll asks for everything, in order', () => {
  expect(changedSince(undefined)).toBe(
    `SELECT ${contactFields} FROM Contact ORDER BY SystemModstamp ASC, Id ASC`,
  );
});

it.each([
  ['2026-11-01T10:00:01.000Z', 'SystemModstamp >= 2026-11-01T09:55:00.000Z'],
  ['2026-11-01T09:58:00.000Z', 'SystemModstamp >= 2026-11-01T09:53:00.000Z'],
  ['2026-11-01T10:10:00.000Z', 'SystemModstamp >= 2026-11-01T09:55:00.000Z'],
  [
    '2026-11-01T10:10:01.000Z',
    `SystemModstamp > 2026-11-01T10:00:00.000Z OR (SystemModstamp = 2026-11-01T10:00:00.000Z AND Id > '${id}')`,
  ],
])('a watermark that was read at %s goes on where nothing can be missed', (askedAt, where) => {
  expect(changedSince({ ...mark, askedAt })).toContain(
    ` WHERE ${where} ORDER BY SystemModstamp ASC, Id ASC`,
  );
});
