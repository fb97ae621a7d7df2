import {
  type Bounds,
  fits,
  holes,
  literal,
  must,
  nameOf,
  type TrailTable,
  within,
} from './bounds.ts';
import { undeniable } from './phases.ts';

/** One question: text with `?`, and what stands for each of them, as SQL literals. */
export interface Statement {
  readonly id: 'calls' | 'counted calls' | 'coverage';
  readonly sql: string;
  readonly parameters: readonly string[];
}

/**
 * Cuts each text of a JSON object after 300 characters, so that a caller cannot fill the memory of
 * the reader, and every name of a resource stays where it is. No two parts of the pattern match the
 * same character, so it cannot backtrack.
 */
export const short = (column: string, most: number): string => {
  const hex = '[0-9a-fA-F]';
  const character = String.raw`([^"\\]|\\[^u]|\\u${hex}${hex}${hex}${hex})`;
  const long = `("${character}{300})${character}*"`;
  return `CASE WHEN length(${column}) <= ${most} THEN ${column}
    ELSE substr(regexp_replace(${column}, '${long}', '$1"'), 1, ${most}) END`;
};

/**
 * Name in the answer → expression. Lower case only, and no `SELECT *`: Athena and its stand-in
 * differ there.
 */
export const columns = {
  eventid: 'eventid',
  eventtime: 'eventtime',
  eventsource: 'eventsource',
  eventname: 'eventname',
  awsregion: 'awsregion',
  recipientaccountid: 'recipientaccountid',
  sourceipaddress: 'sourceipaddress',
  useragent: 'useragent',
  errorcode: 'errorcode',
  is_read: 'readonly',
  eventcategory: 'eventcategory',
  requestparameters: short('requestparameters', 4_000),
  responseelements: short('responseelements', 4_000),
  arns: 'array_join(transform(resources, one -> one.arn), chr(10))',
  identity_type: 'useridentity.type',
  identity_arn: 'useridentity.arn',
  identity_account: 'useridentity.accountid',
  identity_key: 'useridentity.accesskeyid',
  issuer_type: 'useridentity.sessioncontext.sessionissuer.type',
  issuer_arn: 'useridentity.sessioncontext.sessionissuer.arn',
  identity_invoker: 'useridentity.invokedby',
} as const;

const selected = Object.entries(columns)
  .map(([alias, expression]) => (alias === expression ? alias : `${expression} AS ${alias}`))
  .join(',\n  ');

/** So many are read at most; one more says that there were more. */
export const mostRows = 20_000;

/**
 * Calls that a caller can repeat without end, whatever its rights are: those that failed, and
 * `sts:GetCallerIdentity`. They are counted instead of read, so that no flood of them pushes
 * anything else out.
 */
const failed = `(coalesce(errorcode, '') <> ''
    OR (eventsource = '${undeniable.service}.amazonaws.com' AND eventname = '${undeniable.name}'))`;

/** Who is asked about, each compared whole. */
export interface Callers {
  readonly sessions: readonly string[];
  readonly keys: readonly string[];
  /**
   * Roles of Cordon, and what this incident is about: only their changes of that are asked for,
   * because Cordon may answer hundreds at once.
   */
  readonly own: readonly string[];
  readonly about: readonly string[];
}

/** A name that lies in another one finds whatever the other would find. */
const shortest = (names: readonly string[]): string[] =>
  names.filter((name) => !names.some((other) => other !== name && name.includes(other)));

/**
 * What Cordon changes is named in the parameters of its call, whatever else a record says of
 * resources.
 */
const touching = (names: readonly string[]): string =>
  names.map(() => 'strpos(requestparameters, ?) > 0').join(' OR ');

interface Condition {
  readonly where: string;
  readonly parameters: readonly string[];
}

interface Term {
  readonly values: readonly string[];
  readonly where: (list: string) => string;
  readonly more: readonly string[];
}

const either = (terms: readonly Term[]): Condition => {
  const asked = terms.filter(({ values }) => values.length > 0);
  must(asked.length > 0, 'at least one caller');
  return {
    where: asked.map(({ values, where }) => where(holes(values))).join(' OR '),
    parameters: asked.flatMap(({ values, more }) => [...values, ...more].map(literal)),
  };
};

/** What these callers did; `of` says which of it. */
const theirs = ({ sessions, keys }: Callers, of: string): readonly Term[] => [
  {
    values: sessions.filter(fits),
    where: (list) => `(useridentity.arn IN (${list}) AND ${of})`,
    more: [],
  },
  {
    values: keys.filter(fits),
    where: (list) => `(useridentity.accesskeyid IN (${list}) AND ${of})`,
    more: [],
  },
];

const whatSucceeded = (callers: Callers): Condition => {
  const { own, about } = callers;
  const names = shortest(about.filter(fits));
  return either([
    ...theirs(callers, `NOT ${failed}`),
    {
      values: names.length > 0 ? own.filter(fits) : [],
      where: (list) =>
        `(useridentity.sessioncontext.sessionissuer.arn IN (${list}) AND readonly = 'false'
    AND (${touching(names)}))`,
      more: names,
    },
  ]);
};

/** What these callers did and failed to do, which is only counted. */
export const whatFailed = (callers: Callers): Condition => either(theirs(callers, failed));

/**
 * Every call of these callers that succeeded. Where they are too many, the first of each kind of
 * call are read before the second of any, changes before reads, the oldest first: however often
 * one call is made, the others stay.
 */
export const callsOf = (callers: Callers, at: Bounds, table: TrailTable): Statement => {
  const [inside, by] = [within(at), whatSucceeded(callers)];
  return {
    id: 'calls',
    sql: `SELECT ${Object.keys(columns).join(', ')}
FROM (
  SELECT ${selected},
  row_number() OVER (
    PARTITION BY useridentity.arn, eventsource, eventname ORDER BY eventtime, eventid
  ) AS nth
  FROM ${nameOf(table)}
  WHERE ${inside.where}
  AND (${by.where})
)
ORDER BY nth, is_read, eventtime, eventid
LIMIT ${mostRows + 1}`,
    parameters: [...inside.parameters, ...by.parameters],
  };
};

/**
 * What the trail holds at all: how far it has come, and of which services it records data events.
 */
export const coverageOf = (at: Bounds, table: TrailTable): Statement => {
  const { where, parameters } = within(at);
  return {
    id: 'coverage',
    sql: `SELECT awsregion AS awsregion,
  CASE WHEN eventcategory = 'Data' THEN eventsource ELSE 'management' END AS kind,
  max(eventtime) AS latest, count(*) AS events
FROM ${nameOf(table)}
WHERE ${where}
GROUP BY 1, 2`,
    parameters,
  };
};
