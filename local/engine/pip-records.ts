import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filesBelow, sha256Of } from './file-list.ts';

/**
 * The files of a Python environment that are missing or differ from what pip has installed. pip
 * writes the hashes of a package into its RECORD.
 */
export const damagedPackageFiles = (venv: string): readonly string[] =>
  filesBelow(venv)
    .filter((path) => path.endsWith('.dist-info/RECORD'))
    .flatMap((record) => {
      const packages = dirname(dirname(record));
      return recordedFiles(readFileSync(join(venv, record), 'utf8'))
        .map(({ path, sha256 }) => ({ path: join(packages, path), sha256 }))
        .filter(({ path, sha256 }) => hashOf(join(venv, path)) !== sha256)
        .map(({ path }) => path);
    });

/** The files of a RECORD that have a hash: the bytecode and the RECORD itself have none. */
export const recordedFiles = (
  record: string,
): readonly { readonly path: string; readonly sha256: string }[] =>
  record.split('\n').flatMap((line) => {
    const [, quoted, plain, sha256] =
      /^(?:"(.*)"|([^,"]*)),sha256=([\w-]+),\d*\r?$/.exec(line) ?? [];
    const path = quoted?.replaceAll('""', '"') ?? plain;
    return path === undefined || sha256 === undefined ? [] : [{ path, sha256 }];
  });

const hashOf = (file: string): string | undefined => {
  try {
    return sha256Of(readFileSync(file));
  } catch {
    return undefined;
  }
};
