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

export const must = (holds: boolean, what: string): void => {
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

export const holes = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** Plain comparisons with literals: the only predicates from which partitions are chosen. */
export const within = (at: Bounds): { where: string; parameters: string[] } => {
  must(known.has(at), 'bounds that bounds() made');
  return {
    where: `account IN (${holes(at.accounts)})
  AND region IN (${holes(at.regions)})
  AND day BETWEEN ? AND ?
  AND eventtime BETWEEN ? AND ?`,
    parameters: [...at.accounts, ...at.regions, ...days(at), at.from, at.to].map(literal),
  };
};

export interface TrailTable {
  readonly database: string;
  readonly name: string;
}

/** A name cannot be a parameter; it comes from the deployment, and is looked at all the same. */
export const nameOf = ({ database, name }: TrailTable): string => {
  must(
    [database, name].every((identifier) => /^[a-z][a-z0-9_]{0,62}$/.test(identifier)),
    'a plain name of database and table',
  );
  return `"${database}"."${name}"`;
};
