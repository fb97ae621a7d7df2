import { EdgeError } from './errors.ts';
import { at, jsonIn } from './json.ts';
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

/** The value of a JSON text; `where` names the text in the EdgeError. */
export const wantedJson = (text: string, where: string): unknown => {
  const parsed = jsonIn(text);
  if (parsed === undefined) throw wrong(where, 'JSON', text);
  return parsed;
};

/** The text at a path, or an EdgeError that names the path. The functions below do the same. */
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

export const wantedBoolean = (value: unknown, path: string): boolean => {
  const flag = at(value, path);
  if (typeof flag !== 'boolean') throw wrong(path, 'true or false', flag);
  return flag;
};

export const wantedList = (value: unknown, path: string): readonly unknown[] => {
  const list = at(value, path);
  if (!Array.isArray(list)) throw wrong(path, 'a list', list);
  return list;
};

export const wantedTexts = (value: unknown, path: string): readonly string[] =>
  wantedList(value, path).map((text) => {
    if (typeof text !== 'string') throw wrong(path, 'a list of texts', text);
    return text;
  });

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
