import * as z from 'zod';

/** An option of Cordon that cannot be used as it was written. */
export class OptionError extends Error {
  override readonly name = 'OptionError';

  constructor(at: string, wanted: string, given: unknown) {
    super(`${at}: wanted ${wanted}, got ${describe(given)}`);
  }
}

const describe = (given: unknown): string => {
  if (given === undefined) return 'nothing';
  const text = JSON.stringify(given) ?? String(given);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** A number from `min` to `max`; whole unless `fractions` are allowed. */
export const number = (min: number, max: number, { fractions = false } = {}): z.ZodNumber => {
  const wanted = `a ${fractions ? '' : 'whole '}number from ${min} to ${max}`;
  const inRange = z.number(wanted).min(min, wanted).max(max, wanted);
  return fractions ? inRange : inRange.int(wanted);
};

export const flag = z.boolean('true or false');

/** A text that matches; `wanted` is how a person would describe it. */
export const text = (pattern: RegExp, wanted: string): z.ZodString =>
  z.string(wanted).regex(pattern, wanted);

export const choice = <const Names extends readonly string[]>(...names: Names) =>
  z.enum(names, names.map((name) => `"${name}"`).join(' or '));

export const list = <Element extends z.ZodType>(element: Element) =>
  z.array(element, 'a list').readonly();

/** Texts by name, such as tags. */
export const texts = z.record(z.string(), z.string('a text'), 'an object of texts').readonly();

/**
 * An object of options. An unknown name is an error, so that a typing mistake cannot turn into a
 * default.
 */
export const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape, {
      error: ({ code }) =>
        code === 'unrecognized_keys'
          ? `one of the options ${Object.keys(shape).join(', ')}`
          : 'an object',
    })
    .readonly();

/** Reads options by their schema; the first mistake becomes an OptionError. */
export const readOptions = <Schema extends z.ZodType>(
  schema: Schema,
  given: unknown,
  at: string,
): z.output<Schema> => {
  const { success, data, error } = schema.safeParse(given, { reportInput: true });
  if (success) return data;
  const { path, wanted, input } = mistakeOf(error.issues);
  throw new OptionError(`${at}${path.map(step).join('')}`, wanted, input);
};

interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly wanted: string;
  readonly input: unknown;
}

/** `breaker` → `.breaker`, `0` → `[0]`: how a person would address it. */
const step = (key: PropertyKey): string =>
  typeof key === 'number' ? `[${key}]` : `.${String(key)}`;

/** Where a schema's error says where it hurts, what was wanted, and what was there instead. */
const mistakeOf = (issues: readonly z.core.$ZodIssue[]): Mistake => {
  const issue = issues[0];
  if (issue === undefined) throw new Error('a schema refuses its input and names no issue');
  if (issue.code === 'invalid_union') {
    const { path, ...mistake } = deepest(issue.errors.map(mistakeOf));
    return { path: [...issue.path, ...path], ...mistake };
  }
  if (issue.code === 'unrecognized_keys') {
    const name = issue.keys[0] ?? '';
    return {
      path: [...issue.path, name],
      wanted: issue.message,
      input: memberOf(issue.input, name),
    };
  }
  return { path: issue.path, wanted: issue.message, input: issue.input };
};

/** Of a union's branches, the branch that understood most of the input; the first if equal. */
const deepest = (mistakes: readonly Mistake[]): Mistake =>
  mistakes.reduce((best, mistake) => (mistake.path.length > best.path.length ? mistake : best));

const memberOf = (input: unknown, name: string): unknown =>
  typeof input === 'object' && input !== null
    ? Object.entries(input).find(([key]) => key === name)?.[1]
    : undefined;
