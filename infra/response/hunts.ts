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
const parametersLabel = 'Parameters, each in single quotes: ';
const boundParameters = "account, region, 'us-east-1', first day, last day (yyyy/mm/dd)";

/** The comment at the top of a file, as one text. */
const commentOf = (sql: string): string =>
  (/^(?:-- .*\n)+/.exec(sql)?.[0] ?? '')
    .split('\n')
    .map((line) => line.slice('-- '.length))
    .join(' ')
    .trim();

const read = (file: string): Hunt => {
  const sql = readFileSync(join(folder, file), 'utf8').trimEnd();
  const [tells = '', parameters = ''] = commentOf(sql).split(` ${parametersLabel}`);
  const placeholders = sql.split('?').length - 1;
  const names = parameters.split(', ');
  if (
    tells === '' ||
    !parameters.startsWith(boundParameters) ||
    !sql.includes(bounded) ||
    names.length !== placeholders
  )
    throw new Error(
      `infra/response/hunts/${file}: wanted a comment with what it tells and the names of ` +
        `${placeholders} parameters, and "${bounded}"`,
    );
  return { name: basename(file, '.sql'), tells, parameters: names, sql };
};

export const hunts: readonly Hunt[] = readdirSync(folder)
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map(read);
