import { readFileSync } from 'node:fs';

/** A JSON file as unknown, or undefined when it is missing, empty or half written. */
export const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** One field of something unknown. */
export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(key)
    : undefined;

/** The entries of something unknown; none when it is no object. */
export const entries = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/** The text in a field, or an error that says where it is missing. */
export const text = (value: unknown, key: string, where: string): string => {
  const found = field(value, key);
  if (typeof found === 'string') return found;
  throw new Error(
    `${where}: ${key}: wanted text, got ${found === undefined ? 'nothing' : typeof found}`,
  );
};

/** The texts of a list; anything else in it is left out. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** A whole number in a field, or undefined. */
export const whole = (value: unknown, key: string): number | undefined => {
  const found = field(value, key);
  return typeof found === 'number' && Number.isInteger(found) ? found : undefined;
};

/** The fields that hold text, as they are. */
export const textFields = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entries(value).filter((one): one is readonly [string, string] => typeof one[1] === 'string'),
  );
