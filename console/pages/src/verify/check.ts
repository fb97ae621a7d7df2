import { type Bytes, documentIn, printable } from './documents.ts';
import { type EvidenceFolder, type FolderFile, LostConnection } from './folder.ts';
import type { NewHash } from './hash.ts';
import { fits, keyOf, type SigningKey } from './keys.ts';

export interface Finding {
  readonly object: string;
  readonly reason: string;
}

/** What a verification knows while it goes on. */
export interface Check {
  readonly folder: EvidenceFolder;
  readonly files: ReadonlyMap<string, FolderFile>;
  readonly newHash: NewHash;
  readonly expected: Set<string>;
  readonly findings: Finding[];
  readonly pinned: SigningKey | undefined;
  key: SigningKey | undefined;
  timestamp: string | undefined;
}

/** A folder of a million strangers needs no million lines. */
export const mostFindings = 1_000;
const largestDocument = 32 * 1024 * 1024;

export const report = ({ findings }: Check, object: unknown, reason: string): void => {
  if (findings.length < mostFindings) findings.push({ object: printable(object), reason });
};

/** Whatever goes wrong with a file is a finding about that file; a lost connection is none. */
export const attempt = async <T>(
  check: Check,
  path: string,
  work: () => Promise<T>,
): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LostConnection) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    report(check, path, `cannot be read: ${printable(reason)}`);
    return undefined;
  }
};

const joined = async (pieces: AsyncIterable<Uint8Array>): Promise<Bytes> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of pieces) {
    length += part.length;
    if (length > largestDocument) throw new Error('it is longer than such a file can be');
    parts.push(part);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** A small file as a whole; nothing, with a finding, where there is none. */
export const bytesOf = async (
  check: Check,
  path: string,
  missing = 'is missing',
): Promise<Bytes | undefined> => {
  check.expected.add(path);
  const file = check.files.get(path);
  if (!file) {
    report(check, path, missing);
    return undefined;
  }
  return attempt(check, path, async () => {
    if (file.bytes > largestDocument)
      throw new Error(`it has ${file.bytes} bytes, more than such a file can have`);
    return joined(check.folder.read(path));
  });
};

/** A JSON document of this schema with its bytes; what is wrong with it is a finding. */
export const documentAt = async (
  check: Check,
  path: string,
  schema: string,
  missing?: string,
): Promise<{ readonly bytes: Bytes | undefined; readonly value: unknown }> => {
  const bytes = await bytesOf(check, path, missing);
  const value = bytes && (await attempt(check, path, async () => documentIn(bytes, schema)));
  return { bytes, value };
};

export const keyAt = async (check: Check, path: string): Promise<SigningKey | undefined> => {
  const pem = await bytesOf(check, path);
  return pem && attempt(check, path, () => keyOf(pem, check.newHash));
};

export const checkSignature = async (
  check: Check,
  path: string,
  bytes: Bytes | undefined,
  key = check.key,
): Promise<void> => {
  const signature = await bytesOf(check, path);
  if (bytes && signature && key && !(await fits(bytes, key, signature)))
    report(
      check,
      path,
      'is not valid: it or the signed file was changed, or it was made with another key',
    );
};
