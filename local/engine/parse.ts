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
  const content = field(value, key);
  if (typeof content === 'string') return content;
  throw new Error(
    `${where}: ${key}: wanted text, got ${content === undefined ? 'nothing' : typeof content}`,
  );
};

/** The texts of a list; anything else in it is left out. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value)
    ? value.filter((member): member is string => typeof member === 'string')
    : [];

/** A whole number in a field, or undefined. */
export const whole = (value: unknown, key: string): number | undefined => {
  const number = field(value, key);
  return typeof number === 'number' && Number.isInteger(number) ? number : undefined;
};

/** The fields that hold text, as they are. */
export const textFields = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    entries(value).filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string'),
  );
