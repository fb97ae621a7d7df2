import { isRecord, memberOf } from '../verify/documents.ts';

/** The value at a dotted path of something that may be anything. */
export const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((parent, name) => memberOf(parent, name), value);

export const textAt = (value: unknown, path: string): string => {
  const text = valueAt(value, path);
  return typeof text === 'string' ? text : '';
};

export const listAt = (value: unknown, path: string): readonly unknown[] => {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list : [];
};

export const entriesAt = (
  value: unknown,
  path: string,
): readonly (readonly [string, unknown])[] => {
  const record = valueAt(value, path);
  return isRecord(record) ? Object.entries(record) : [];
};
