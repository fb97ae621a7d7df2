import { type Bounds, literal, nameOf, type TrailTable, within } from './bounds.ts';
import { type Callers, columns, type Statement, short, whatFailed } from './sql.ts';

/** So many lines are read at most; one more says that there were more. */
export const mostLines = 2_000;

/** Of the first so many calls of a line it is said what they wanted. */
const first = 20;

/** What the calls of a line have in common. */
const common = {
  eventsource: 'eventsource',
  eventname: 'eventname',
  errorcode: 'errorcode',
  sourceipaddress: 'sourceipaddress',
  awsregion: 'awsregion',
  recipientaccountid: 'recipientaccountid',
  identity_type: columns.identity_type,
  identity_arn: columns.identity_arn,
  identity_account: columns.identity_account,
  issuer_type: columns.issuer_type,
  issuer_arn: columns.issuer_arn,
} as const;

/** What a line has of its first call: whatever the caller may vary from call to call. */
const ofFirst = {
  useragent: 'useragent',
  is_read: 'readonly',
  eventcategory: 'eventcategory',
  identity_key: columns.identity_key,
} as const;

const aliased = (named: Readonly<Record<string, string>>): string =>
  Object.entries(named)
    .map(([alias, expression]) => `${expression} AS ${alias}`)
    .join(', ');

/** How many of the moments a call has passed: a line never covers both sides of one. */
const passed = (moments: readonly string[]): string =>
  ['0', ...moments.map(() => 'CASE WHEN eventtime >= ? THEN 1 ELSE 0 END')].join(' + ');

/**
 * Failed calls of these callers, counted: a line for each caller, call, error and address. Of the
 * lines between two moments the oldest come first, so the first denial after containment is there
 * however many came before it. Equal times are told apart by the id, so every engine gives the same
 * answer, and a file that was delivered twice counts once.
 */
export const countedCallsOf = (
  callers: Callers,
  moments: readonly string[],
  at: Bounds,
  table: TrailTable,
): Statement => {
  const [inside, by] = [within(at), whatFailed(callers)];
  const names = Object.keys(common).join(', ');
  const ofFirstCall = Object.keys(ofFirst).map((name) => `min_by(${name}, place) AS ${name}`);
  return {
    id: 'counted calls',
    sql: `SELECT ${names}, ${ofFirstCall.join(', ')},
  min_by(eventid, place) AS eventid, min(eventtime) AS eventtime,
  max(eventtime) AS latest, count(DISTINCT eventid) AS calls,
  array_join(min_by(wanted, place, ${first}), chr(10)) AS wanted,
  row_number() OVER (PARTITION BY passed ORDER BY min(place)) AS nth
FROM (
  SELECT ${aliased(common)}, ${aliased(ofFirst)},
  eventid, eventtime, concat(eventtime, eventid) AS place,
  concat(eventid, ' ', coalesce(${short('requestparameters', 1_000)}, '')) AS wanted,
  ${passed(moments)} AS passed
  FROM ${nameOf(table)}
  WHERE ${inside.where}
  AND (${by.where})
)
GROUP BY ${names}, passed
ORDER BY nth, eventtime, eventid
LIMIT ${mostLines + 1}`,
    parameters: [...moments.map(literal), ...inside.parameters, ...by.parameters],
  };
};
