import { EdgeError } from './errors.ts';
import { at } from './json.ts';
import { printable } from './printable.ts';

const got = (value: unknown): string =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : printable(JSON.stringify(value) ?? typeof value, 80);

/** `detail.type: wanted text, got nothing` */
export const wrong = (path: string, wanted: string, value: unknown): EdgeError =>
  new EdgeError(`${path}: wanted ${wanted}, got ${got(value)}`);

/** The text at a path, or an EdgeError that says where it hurt; the others below do the same. */
export const wantedText = (value: unknown, path: string): string => {
  const text = at(value, path);
  if (typeof text !== 'string' || text === '') throw wrong(path, 'text', text);
  return text;
};

export const wantedNumber = (value: unknown, path: string): number => {
  const number = at(value, path);
  if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(path, 'a number', number);
  return number;
};

export const wantedWord = <T extends string>(
  value: unknown,
  path: string,
  words: readonly T[],
): T => {
  const text = at(value, path);
  const word = words.find((allowed) => allowed === text);
  if (word === undefined) throw wrong(path, `one of ${words.join(', ')}`, text);
  return word;
};
