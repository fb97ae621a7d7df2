import { isName } from '../shared/names.ts';

const checked = Symbol('checked bounds');

/**
 * Where and when to look. Only `bounds()` makes one, so a query over the whole trail cannot be
 * written.
 */
export interface Bounds {
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  /** Event times, UTC, both included. */
  readonly from: string;
  readonly to: string;
  readonly [checked]: true;
}

/** One question: text with `?`, and what stands for each of them, as SQL literals. */
export interface Statement {
  readonly id: 'calls' | 'coverage';
  readonly sql: string;
  readonly parameters: readonly string[];
}

/** The values asked for are unfit; the reader of the message wrote the code that passed them. */
export class BoundsError extends Error {
  override readonly name = 'BoundsError';
}

const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const day = 86_400_000;
/**
 * More than any incident needs; what looks further back is a hunt, and has its own named queries.
 */
const mostDays = 40;
const known = new WeakSet<object>();

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new BoundsError(`a query over the trail needs ${what}`);
};

export const bounds = (given: Omit<Bounds, typeof checked>): Bounds => {
  const { accounts, regions, from, to } = given;
  must(
    accounts.length > 0 && accounts.every((account) => isName('account', account)),
    '12-digit accounts',
  );
  must(
    regions.length > 0 && regions.every((region) => isName('region', region)),
    'names of regions',
  );
  must(
    time.test(from) && time.test(to) && from <= to,
    'a first and a last time, in whole seconds UTC',
  );
  must(Date.parse(to) - Date.parse(from) <= mostDays * day, `at most ${mostDays} days`);
  const made: Bounds = Object.freeze({
    accounts: [...accounts],
    regions: [...regions],
    from,
    to,
    [checked]: true as const,
  });
  known.add(made);
  return made;
};

/** Athena takes parameters as SQL literals: the one place where a text becomes one. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Athena's limit of a parameter. What is longer is no ARN and no key, and matches nothing. */
export const fits = (text: string): boolean => text !== '' && literal(text).length <= 1_024;

const partitionDay = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 10).replaceAll('-', '/');

/**
 * A file lies in the partition of the day on which it was written: never before its events, but for
 * differing clocks, and some minutes to a day after them.
 */
const days = ({ from, to }: Bounds): readonly [string, string] => [
  partitionDay(Date.parse(from) - 15 * 60_000),
  partitionDay(Date.parse(to) + day),
];

const holes = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Plain comparisons with literals: the only predicates from which partitions are chosen. */
const within = (at: Bounds): { where: string; parameters: string[] } => {
  must(known.has(at), 'bounds that bounds() made');
  return {
    where: `account IN (${holes(at.accounts)})
  AND region IN (${holes(at.regions)})
  AND day BETWEEN ? AND ?
  AND eventtime BETWEEN ? AND ?`,
    parameters: [...at.accounts, ...at.regions, ...days(at), at.from, at.to].map(literal),
  };
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
  requestparameters: 'requestparameters',
  responseelements: 'responseelements',
  arns: 'array_join(transform(resources, one -> one.arn), chr(10))',
  identity_type: 'useridentity.type',
  identity_arn: 'useridentity.arn',
  identity_account: 'useridentity.accountid',
  identity_key: 'useridentity.accesskeyid',
  issuer_type: 'useridentity.sessioncontext.sessionissuer.type',
  issuer_arn: 'useridentity.sessioncontext.sessionissuer.arn',
} as const;

const selected = Object.entries(columns)
  .map(([alias, expression]) => (alias === expression ? alias : `${expression} AS ${alias}`))
  .join(',\n  ');

/** The newest of so many are read; one more says that there were more. */
export const mostRows = 20_000;

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

const byWhom = ({
  sessions,
  keys,
  own,
  about,
}: Callers): { where: string; parameters: string[] } => {
  const names = shortest(about.filter(fits));
  const asked = [
    {
      values: sessions.filter(fits),
      where: (list: string) => `useridentity.arn IN (${list})`,
      more: [],
    },
    {
      values: keys.filter(fits),
      where: (list: string) => `useridentity.accesskeyid IN (${list})`,
      more: [],
    },
    {
      values: names.length > 0 ? own.filter(fits) : [],
      where: (list: string) =>
        `(useridentity.sessioncontext.sessionissuer.arn IN (${list}) AND readonly = 'false'
    AND (${touching(names)}))`,
      more: names,
    },
  ].filter(({ values }) => values.length > 0);
  must(asked.length > 0, 'at least one caller');
  return {
    where: asked.map(({ values, where }) => where(holes(values))).join(' OR '),
    parameters: asked.flatMap(({ values, more }) => [...values, ...more].map(literal)),
  };
};

/** Every call of these callers. */
export const callsOf = (callers: Callers, at: Bounds, table: TrailTable): Statement => {
  const [inside, by] = [within(at), byWhom(callers)];
  return {
    id: 'calls',
    sql: `SELECT ${selected}
FROM ${nameOf(table)}
WHERE ${inside.where}
  AND (${by.where})
ORDER BY eventtime DESC, eventid
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

export interface TrailTable {
  readonly database: string;
  readonly name: string;
}

/** A name cannot be a parameter; it comes from the deployment, and is looked at all the same. */
const nameOf = ({ database, name }: TrailTable): string => {
  must(
    [database, name].every((identifier) => /^[a-z][a-z0-9_]{0,62}$/.test(identifier)),
    'a plain name of database and table',
  );
  return `"${database}"."${name}"`;
};
