import { isPath } from './documents.ts';

/** One file of a folder of evidence. */
export interface FolderFile {
  readonly path: string;
  readonly bytes: number;
  /** The version that lies there; a folder on a disk knows none. */
  readonly versionId?: string | undefined;
}

/** A folder of evidence, wherever it lies. */
export interface EvidenceFolder {
  readonly files: readonly FolderFile[];
  read(path: string): AsyncIterable<Uint8Array>;
}

/** The network failed, which says nothing about the evidence. */
export class LostConnection extends Error {
  override readonly name = 'LostConnection';
}

const parentsOf = (path: string): readonly string[] =>
  path.split('/').flatMap((_part, depth, parts) => {
    const parent = parts.slice(0, depth).join('/');
    return parent === '' ? [] : [parent];
  });

const isEntered = (folder: string): boolean => isPath(folder) && folder.split('/').length < 20;

/**
 * The files that are looked at, and the folders that are not entered or have no file that is: as
 * `verify.mjs` walks through a folder on a disk.
 */
export const entered = (
  files: readonly FolderFile[],
): { readonly files: ReadonlyMap<string, FolderFile>; readonly strangers: readonly string[] } => {
  const looked = files.filter(({ path }) => parentsOf(path).every(isEntered));
  const full = new Set(looked.flatMap(({ path }) => parentsOf(path)));
  const seen = files.flatMap(({ path }) => {
    const parents = parentsOf(path);
    const stop = parents.findIndex((parent) => !isEntered(parent));
    return stop === -1 ? parents : parents.slice(0, stop + 1);
  });
  return {
    files: new Map(looked.map((file) => [file.path, file])),
    strangers: [...new Set(seen)].filter((folder) => !full.has(folder)).sort(),
  };
};
