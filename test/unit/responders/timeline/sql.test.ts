import { expect, it } from 'vitest';
import { BoundsError, bounds, literal } from '../../../../responders/timeline/bounds.ts';
import { callsOf, coverageOf, mostRows } from '../../../../responders/timeline/sql.ts';
import fc from '../../../support/property.ts';

const table = { database: 'cordon', name: 'cloudtrail' };
const given = {
  accounts: ['111122223333'],
  regions: ['eu-west-1', 'us-east-1'],
  from: '2026-11-20T23:50:00Z',
  to: '2026-11-21T10:00:00Z',
};
const callers = {
  sessions: ['arn:aws:sts::111122223333:assumed-role/r/f'],
  keys: [],
  own: [],
  about: [],
};

it('asks for account, region and day, from the day before midnight’s files to the day after', () => {
  const { sql, parameters } = callsOf(callers, bounds(given), table);

  expect(sql).toContain(
    'account IN (?)\n  AND region IN (?, ?)\n  AND day BETWEEN ? AND ?\n  AND eventtime BETWEEN ? AND ?',
  );
  expect(parameters.slice(0, 7)).toEqual(
    [
      '111122223333',
      'eu-west-1',
      'us-east-1',
      '2026/11/20',
      '2026/11/22',
      given.from,
      given.to,
    ].map((one) => `'${one}'`),
  );
  expect(sql).toContain(`LIMIT ${mostRows + 1}`);
});

it.each([
  ['no account', { accounts: [] }],
  ['no region', { regions: [] }],
  ['a pattern for an account', { accounts: ['%'] }],
  ['a region that is none', { regions: ["eu-west-1' OR '1'='1"] }],
  ['no beginning', { from: '' }],
  ['an end before the beginning', { to: '2026-11-01T00:00:00Z' }],
  ['a year', { from: '2025-11-21T10:00:00Z' }],
])('cannot be asked with %s', (_name, over) => {
  expect(() => bounds({ ...given, ...over })).toThrow(BoundsError);
});

it('cannot be asked with bounds that were made by hand or changed afterwards', () => {
  const made = bounds(given);
  expect(() => coverageOf({ ...made, accounts: [] }, table)).toThrow(BoundsError);
  expect(() => Object.assign(made, { regions: [] })).toThrow(TypeError);
  expect(() => callsOf({ sessions: [], keys: [], own: [], about: [] }, made, table)).toThrow(
    'at least one caller',
  );
  expect(() => coverageOf(made, { database: 'cordon', name: 'x"; DROP TABLE y' })).toThrow(
    BoundsError,
  );
});

const unquoted = (parameter: string): string => parameter.slice(1, -1).replaceAll("''", "'");

it('whatever a name says, the text stays the same and the value arrives whole', () => {
  const plain = callsOf(callers, bounds(given), table).sql;
  const spice = fc.constantFrom(
    "'",
    "''",
    '--',
    '/*',
    '*/',
    ';',
    "' OR 1=1 --",
    '?',
    '\\',
    '\u0000',
    '\u202e',
    '’',
    '"',
    '${x}',
    '%',
  );
  const hostile = fc.array(fc.oneof(spice, fc.string({ unit: 'binary', maxLength: 20 })), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(hostile, (parts) => {
      const name = parts.join('');
      fc.pre(name !== '' && literal(name).length <= 1_024);
      const { sql, parameters } = callsOf({ ...callers, sessions: [name] }, bounds(given), table);
      expect(sql).toBe(plain);
      expect(parameters).toHaveLength(sql.split('?').length - 1);
      expect(unquoted(parameters[7] ?? '')).toBe(name);
      expect(/^'(?:[^']|'')*'$/su.test(parameters[7] ?? '')).toBe(true);
    }),
    { numRuns: 500 },
  );
});

it('asks for Cordon’s own changes of what the incident is about, and for no others', () => {
  const own = ['arn:aws:iam::111122223333:role/cordon/Contain'];
  const about = [
    'orders',
    'orders-role',
    'arn:aws:lambda:eu-west-1:111122223333:function:orders',
    'b5b1-uuid',
  ];
  const { sql, parameters } = callsOf({ sessions: [], keys: [], own, about }, bounds(given), table);

  expect(sql).toMatch(
    /sessionissuer\.arn IN \(\?\) AND readonly = 'false'\s+AND \(strpos\(requestparameters, \?\) > 0 OR/,
  );
  expect(parameters.slice(7)).toEqual([...own, 'orders', 'b5b1-uuid'].map((one) => `'${one}'`));
  expect(() => callsOf({ sessions: [], keys: [], own, about: [] }, bounds(given), table)).toThrow(
    'at least one caller',
  );
});
