import type { NewHash } from './hash.ts';

/** Bytes as WebCrypto takes them. */
export type Bytes = Uint8Array<ArrayBuffer>;
export type JsonRecord = Readonly<Record<string, unknown>>;

export const isHash = (value: unknown): value is string =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of something that may be anything. */
export const memberOf = (value: unknown, name: string): unknown =>
  isRecord(value) ? value[name] : undefined;

/** As the manifest names objects: lower case, and nothing that could lead out of the folder. */
export const isPath = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.length <= 1024 &&
  /^[a-z0-9_-][a-z0-9._-]*(\/[a-z0-9_-][a-z0-9._-]*)*$/.test(value);

/** Text of a folder that may be hostile: what is not plain ASCII shows as its code. */
export const printable = (text: unknown): string =>
  `${text}`
    .slice(0, 300)
    .replace(/[^\x20-\x7e]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16)}}`);

/** The one way to write a value as JSON: sorted keys, no spaces, whole numbers only. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical)}]`;
  if (isRecord(value)) {
    const members = Object.keys(value).sort();
    return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`;
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Error('it has a number that is not an integer');
  return JSON.stringify(value);
};

export const sha256 = (bytes: Uint8Array, newHash: NewHash): string => {
  const hash = newHash();
  hash.update(bytes);
  return hash.hex();
};

export const textOf = (bytes: Uint8Array): string =>
  new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

/** The document of a schema in canonical JSON; an error says why it is none. */
export const documentIn = (bytes: Uint8Array, schema: string): unknown => {
  const text = textOf(bytes);
  const value: unknown = JSON.parse(text);
  if (canonical(value) !== text)
    throw new Error(
      'it is not canonical JSON: it was changed, or something else than Cordon wrote it',
    );
  if (memberOf(value, 'schema') !== schema)
    throw new Error(`it is not a document of the schema ${schema}`);
  return value;
};

/** Whether the bytes have the bytes of a hash somewhere in them. */
export const includesHash = (bytes: Uint8Array, hash: string): boolean => {
  const wanted = (hash.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
  for (
    let at = bytes.indexOf(wanted[0] ?? 0);
    at !== -1;
    at = bytes.indexOf(wanted[0] ?? 0, at + 1)
  )
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return true;
  return false;
};
