import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * A question that a person puts to the whole trail, saved in the workgroup. One file each in
 * `hunts/`.
 */
export interface Hunt {
  /** The file's name, and the name of the saved query. */
  readonly name: string;
  /** One sentence. */
  readonly tells: string;
  /** What to give for each `?`, in order. */
  readonly parameters: readonly string[];
  readonly sql: string;
}

const folder = join(import.meta.dirname, 'hunts');

/**
 * What every hunt is bounded by, in these words: only plain comparisons choose partitions, and what
 * they leave out is not paid for.
 */
export const bounded = 'WHERE account = ? AND region IN (?, ?) AND day BETWEEN ? AND ?';
const first =
  "-- Parameters, each in single quotes: account, region, 'us-east-1', first day, last day (yyyy/mm/dd)";

const read = (file: string): Hunt => {
  const sql = readFileSync(join(folder, file), 'utf8').trimEnd();
  const [tells = '', parameters = ''] = sql.split('\n');
  const holes = sql.split('?').length - 1;
  const names = parameters.slice('-- Parameters, each in single quotes: '.length).split(', ');
  if (
    !tells.startsWith('-- ') ||
    !parameters.startsWith(first) ||
    !sql.includes(bounded) ||
    names.length !== holes
  )
    throw new Error(
      `infra/response/hunts/${file}: wanted what it tells, the names of ${holes} parameters, and "${bounded}"`,
    );
  return { name: basename(file, '.sql'), tells: tells.slice(3), parameters: names, sql };
};

export const hunts: readonly Hunt[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map(read);
