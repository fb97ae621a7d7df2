import { type Hunt, hunts } from '../../infra/response/hunts.ts';
import { bounds, literal } from '../../responders/timeline/bounds.ts';
import { countedCallsOf } from '../../responders/timeline/counted-sql.ts';
import { callsOf, coverageOf } from '../../responders/timeline/sql.ts';
import { account, attackAt, region, utc } from '../bench/trail-world.ts';

/** One statement as it is sent to Athena: text with `?`, and a SQL literal for each. */
export interface NamedStatement {
  readonly name: string;
  readonly sql: string;
  readonly parameters: readonly string[];
}

const hours = 3_600_000;
const table = { database: 'cordon', name: 'cloudtrail' };
const at = bounds({
  accounts: [account],
  regions: [region, 'us-east-1'],
  from: utc(attackAt - hours),
  to: utc(attackAt + 14 * hours),
});
const session = `arn:aws:sts::${account}:assumed-role/orders-role/orders`;
const role = `arn:aws:iam::${account}:role/orders-role`;
const user = `arn:aws:iam::${account}:user/eve`;
const [callers, own] = [
  { sessions: [session, user], keys: ['ASIAHOP', 'AKIAEVE'] },
  [`arn:aws:iam::${account}:role/admin`],
];

const [nobody, about] = [{ own: [], about: [] }, ['orders', 'orders-role', 'eve']];

/** What a person would fill in after the bounds, for the made-up trail of the bench. */
const filled: Readonly<Record<string, readonly string[]>> = {
  'addresses-of-a-session': [session],
  'calls-from-an-address': ['203.0.113.7'],
  'changes-of-a-function': ['orders', `arn:aws:lambda:${region}:${account}:function:orders`],
  'first-use-of-an-api': [`arn:aws:iam::${account}:role/admin`, utc(attackAt)],
  'hops-of-a-session': [session],
  'reads-of-a-bucket': ['evidence'],
  'role-in-a-window': [role, at.from, at.to],
};

const day = (ms: number): string => utc(ms).slice(0, 10).replaceAll('-', '/');

const asked = ({ name, sql }: Hunt): NamedStatement => {
  const bounded = [
    account,
    region,
    'us-east-1',
    day(attackAt - 24 * hours),
    day(attackAt + 24 * hours),
  ];
  return { name, sql, parameters: [...bounded, ...(filled[name] ?? [])].map(literal) };
};

/** Every statement of the product: what a timeline asks, in each shape, and every saved query. */
export const statements: readonly NamedStatement[] = [
  { name: 'calls of sessions', ...callsOf({ ...callers, keys: [], ...nobody }, at, table) },
  { name: 'calls of keys', ...callsOf({ ...callers, sessions: [], ...nobody }, at, table) },
  { name: 'changes of roles', ...callsOf({ sessions: [], keys: [], own, about }, at, table) },
  { name: 'calls of all of these', ...callsOf({ ...callers, own, about }, at, table) },
  {
    name: 'failed calls, counted',
    ...countedCallsOf({ ...callers, ...nobody }, [utc(attackAt)], at, table),
  },
  { name: 'how far the trail has come', ...coverageOf(at, table) },
  ...hunts.map(asked),
];
