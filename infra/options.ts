/**
 * Reads one value; throws an OptionError that says where it is, what was wanted and what was found.
 */
export type Read<T> = (value: unknown, at: string) => T;

/** An option of Cordon that cannot be used as it was written. */
export class OptionError extends Error {
  override readonly name = 'OptionError';

  constructor(at: string, wanted: string, got: unknown) {
    super(`${at}: wanted ${wanted}, got ${describe(got)}`);
  }
}

const describe = (value: unknown): string => {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number from `min` to `max`; whole unless `fractions` are allowed. */
export const number =
  (min: number, max: number, { fractions = false } = {}): Read<number> =>
  (value, at) => {
    if (
      typeof value === 'number' &&
      value >= min &&
      value <= max &&
      (fractions || Number.isInteger(value))
    )
      return value;
    throw new OptionError(at, `a ${fractions ? '' : 'whole '}number from ${min} to ${max}`, value);
  };

export const flag: Read<boolean> = (value, at) => {
  if (typeof value === 'boolean') return value;
  throw new OptionError(at, 'true or false', value);
};

/** A text that matches; `wanted` is how a person would say so. */
export const text =
  (pattern: RegExp, wanted: string): Read<string> =>
  (value, at) => {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new OptionError(at, wanted, value);
  };

export const choice =
  <T extends string>(...all: readonly T[]): Read<T> =>
  (value, at) => {
    const found = all.find((one) => one === value);
    if (found !== undefined) return found;
    throw new OptionError(at, all.map((one) => `"${one}"`).join(' or '), value);
  };

export const list =
  <T>(item: Read<T>): Read<readonly T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) throw new OptionError(at, 'a list', value);
    return value.map((one: unknown, index) => item(one, `${at}[${index}]`));
  };

/** The second reader for objects, the first for everything else. */
export const orObject =
  <A, B>(plain: Read<A>, object: Read<B>): Read<A | B> =>
  (value, at) =>
    isRecord(value) ? object(value, at) : plain(value, at);

const anyText = text(/^/, 'a text');

/** Texts by name, such as tags. */
export const texts: Read<Readonly<Record<string, string>>> = (value, at) => {
  if (!isRecord(value)) throw new OptionError(at, 'an object of texts', value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, anyText(one, `${at}.${name}`)]),
  );
};

/** Takes named options out of a section. */
export interface Section {
  optional<T>(name: string, read: Read<T>, otherwise: T): T;
  required<T>(name: string, read: Read<T>): T;
}

/**
 * An object of options; one that `build` does not take is an error, so that a typing mistake cannot
 * turn into a default.
 */
export const section =
  <T>(build: (section: Section) => T): Read<T> =>
  (value, at) => {
    if (!isRecord(value)) throw new OptionError(at, 'an object', value);
    const known: string[] = [];
    const take = <V>(name: string, read: Read<V>): V => {
      known.push(name);
      return read(value[name], `${at}.${name}`);
    };
    const built = build({
      optional: (name, read, otherwise) =>
        take(name, (one, where) => (one === undefined ? otherwise : read(one, where))),
      required: take,
    });
    const unknown = Object.keys(value).find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new OptionError(
        `${at}.${unknown}`,
        `one of the options ${known.join(', ')}`,
        value[unknown],
      );
    return built;
  };
