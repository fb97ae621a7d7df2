import * as z from 'zod';
import { severityOf } from '../responders/decide/finding-types.ts';
import { isLike } from '../responders/shared/patterns.ts';
import { choice, list, number, OptionError, readOptions, section, text } from './options.ts';

const severity = number(0, 10, { fractions: true });
const threshold = z.union([severity, choice('never')]);

/** A finding type, or a family of them. */
export const pattern = text(
  /^(\*|[A-Za-z]+:(\*|[A-Za-z0-9]+\/[\w.!&*]+))$/,
  'a finding type or a family of them, such as Trojan:EC2/*',
);

/** What a row says about a type. What is missing in an exception is what its family says. */
const thresholds = {
  contain: threshold.optional(),
  ask: threshold.optional(),
  tell: severity.optional(),
};

const suspects = list(
  choice(
    'function',
    'role session',
    'user',
    'access key',
    'ec2 role session',
    'object',
    'database user',
  ),
);

const family = section({
  family: pattern,
  ...thresholds,
  suspects,
  types: list(pattern),
});

const exception = section({
  type: pattern,
  ...thresholds,
  suspects: suspects.optional(),
});

const day = text(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-11-30');

const table = section({
  version: number(1, 1),
  asOf: day,
  families: list(family),
  exceptions: list(exception),
});

export type FindingTypeTable = z.output<typeof table>;

const sentence = text(/^\S.*\S\.$/, 'a sentence');

/** What people read about the types. What is missing in an exception is what its family says. */
const advice = section({
  version: number(1, 1),
  families: list(section({ family: pattern, advice: sentence, open: sentence })),
  exceptions: list(
    section({ type: pattern, advice: sentence.optional(), open: sentence.optional() }),
  ),
});
type AdviceTable = z.output<typeof advice>;

/** Asking begins below containing, and telling below asking; anything else contradicts itself. */
const contradictionIn = (
  name: string,
  { contain, ask, tell = 0 }: z.output<z.ZodObject<typeof thresholds>>,
): string | undefined => {
  if (ask !== undefined && contain !== undefined && severityOf(ask) > severityOf(contain))
    return `${name} asks from ${ask} and contains from ${contain}`;
  const from = Math.min(severityOf(contain), severityOf(ask));
  return tell > from ? `${name} tells from ${tell} and acts from ${from}` : undefined;
};

const duplicateIn = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

/** The mistakes that need more than one row to be seen. */
const mistakesIn = ({ families, exceptions }: FindingTypeTable): string[] => {
  const types = families.flatMap((row) => row.types);
  const names = [families.map((row) => row.family), types, exceptions.map((row) => row.type)];
  return [
    ...names.flatMap((of) => duplicateIn(of) ?? []).map((name) => `${name} has two rows`),
    ...families.flatMap((row) =>
      row.types
        .filter((type) => !isLike(row.family, type))
        .map((type) => `${type} is not of the family ${row.family}`),
    ),
    ...exceptions
      .filter(({ type }) => !types.includes(type))
      .map(({ type }) => `${type} is an exception and of no family`),
    ...families.flatMap((row) => contradictionIn(row.family, row) ?? []),
    ...exceptions.flatMap((row) => contradictionIn(row.type, row) ?? []),
    ...(families.some((row) => row.family === '*') ? [] : ['no family * for unknown types']),
  ];
};

/** What the sentences and the table say differently. */
const differencesIn = (
  types: FindingTypeTable,
  { families, exceptions }: AdviceTable,
): string[] => {
  const listed = types.families.map((row) => row.family);
  const known = types.families.flatMap((row) => row.types);
  const advised = families.map((row) => row.family);
  const excepted = exceptions.map((row) => row.type);
  return [
    ...[advised, excepted]
      .flatMap((names) => duplicateIn(names) ?? [])
      .map((name) => `${name} has two rows`),
    ...listed.filter((name) => !advised.includes(name)).map((name) => `${name} has no advice`),
    ...advised
      .filter((name) => !listed.includes(name))
      .map((name) => `${name} is no family of finding-types.json`),
    ...excepted
      .filter((type) => !known.includes(type))
      .map((type) => `${type} is an exception and of no family`),
  ];
};

/**
 * Checks the table of finding types and the sentences about them; the first mistake becomes an
 * OptionError.
 */
export const checkedTable = (types: unknown, sentences: unknown): FindingTypeTable => {
  const parsed = readOptions(table, types, 'finding-types.json');
  const read = readOptions(advice, sentences, 'finding-advice.json');
  const [mistake] = mistakesIn(parsed);
  if (mistake) throw new OptionError('finding-types.json', 'rows that agree', mistake);
  const [difference] = differencesIn(parsed, read);
  if (difference) throw new OptionError('finding-advice.json', 'rows that agree', difference);
  return parsed;
};

const override = section({ type: pattern, ...thresholds });

/** What the configuration says about finding types: also such that the table does not know yet. */
export const typeOverrides = list(override)
  .refine(
    (rows) => duplicateIn(rows.map(({ type }) => type)) === undefined,
    'one row for each type or family',
  )
  .refine(
    (rows) => rows.every((row) => contradictionIn(row.type, row) === undefined),
    'rows that tell before they ask, and ask before they contain',
  );
