import type { ReadObject } from './changes.ts';
import { entriesAt, listAt, textAt, valueAt } from './json.ts';

export interface PackageFile {
  /** Also of files that have one name. */
  readonly at: number;
  /** As the archive says it; what cannot be seen is written as its code. */
  readonly name: string;
  readonly packed: number;
  readonly unpacked: number;
  readonly flags: readonly string[];
}

/** What an archive of code says that it holds; it was never unpacked. */
export interface PackageListing {
  readonly path: string;
  readonly entries: number;
  readonly isWhole: boolean;
  readonly unpacked: number;
  readonly flagged: readonly (readonly [flag: string, files: number])[];
  readonly files: readonly PackageFile[];
}

const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A name of a file may turn the line around or hide its end: such characters show as codes. */
export const visibleName = (name: string): string =>
  name.replaceAll(hidden, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);

const countAt = (value: unknown, path: string): number => {
  const count = valueAt(value, path);
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? count : 0;
};

export const listingIn = ({ path, json }: ReadObject): PackageListing => ({
  path: path.replace(/-listing\.json$/, '.zip'),
  entries: countAt(json, 'entries'),
  isWhole: valueAt(json, 'complete') === true,
  unpacked: countAt(json, 'claims.unpacked'),
  flagged: entriesAt(json, 'flagged').flatMap(([flag, files]) =>
    typeof files === 'number' ? [[flag, files] as const] : [],
  ),
  files: listAt(json, 'files').map((file, at) => ({
    ...{ at, name: visibleName(textAt(file, 'name')) },
    ...{ packed: countAt(file, 'packed'), unpacked: countAt(file, 'unpacked') },
    flags: listAt(file, 'flags').map(String),
  })),
});
