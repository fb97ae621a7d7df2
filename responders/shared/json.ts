/** True for a JSON object: neither a list nor null. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of a JSON text; `undefined` where the text is not JSON. */
export const jsonIn = (text: string): unknown => {
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
};

/** Decodes a URL-encoded text; empty where it is encoded wrongly. IAM encodes documents so. */
export const decodedUri = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};

/** The value at a dotted path; own properties only, so that `__proto__` is nothing. */
export const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (parent, key) => (isRecord(parent) && Object.hasOwn(parent, key) ? parent[key] : undefined),
      value,
    );

/** The text at a path; null if there is none. The two functions below do the same. */
export const textAt = (value: unknown, path: string): string | null => {
  const text = at(value, path);
  return typeof text === 'string' ? text : null;
};

export const numberAt = (value: unknown, path: string): number | null => {
  const number = at(value, path);
  return typeof number === 'number' ? number : null;
};

export const listAt = (value: unknown, path: string): readonly unknown[] => {
  const list = at(value, path);
  return Array.isArray(list) ? list : [];
};
