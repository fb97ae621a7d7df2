import { bounds, callsOf, coverageOf } from '../../responders/timeline/sql.ts';

/** Every statement that a timeline asks, for `Grammar.java`: Trino's own parser judges what Athena would have to read. */
const at = bounds({
  accounts: ['111122223333'],
  regions: ['eu-west-1', 'us-east-1'],
  from: '2026-11-20T10:00:00Z',
  to: '2026-11-21T10:00:00Z',
});
const table = { database: 'cordon', name: 'cloudtrail' };
const [sessions, keys, own] = [['arn:a', 'arn:b'], ['AKIA'], ['arn:c']];

const statements = [
  callsOf({ sessions, keys: [], own }, at, table),
  callsOf({ sessions: [], keys, own: [] }, at, table),
  callsOf({ sessions, keys, own }, at, table),
  coverageOf(at, table),
];

process.stdout.write(statements.map(({ sql }) => sql).join('\n--\n'));
