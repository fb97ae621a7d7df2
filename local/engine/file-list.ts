import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of a folder that must stay as it was made. */
interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly sha256: string;
}

/** What a folder has become since its list was written. */
export interface FolderCheck {
  /** Whether the folder has a list that can be read. */
  readonly isListed: boolean;
  /** The files that are missing or have other contents. */
  readonly damaged: readonly string[];
  /** Whether files have other times than the list says, as after a copy. */
  readonly isRetimed: boolean;
}

const LIST = '.files';

export const sha256Of = (data: Uint8Array | string): string =>
  createHash('sha256').update(data).digest('base64url');

/** The files below a folder, without links, each as its path from there. */
export const filesBelow = (folder: string, at = ''): readonly string[] =>
  readdirSync(join(folder, at), { withFileTypes: true }).flatMap((entry) => {
    const path = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(folder, path);
    return entry.isFile() ? [path] : [];
  });

/**
 * Writes the list of the files of a folder into it: the hash, the size and the time of each. Marks
 * at the top of the folder, whose names begin with a dot, are no part of it.
 */
export const listFiles = (folder: string): void =>
  writeList(
    folder,
    filesBelow(folder)
      .filter((path) => !path.startsWith('.'))
      .map((path) => {
        const { size, mtimeMs } = lstatSync(join(folder, path));
        const sha256 = sha256Of(readFileSync(join(folder, path)));
        return { path, size, modifiedMs: Math.floor(mtimeMs), sha256 };
      }),
  );

/** Writes the times of today into the list of a folder whose files have the listed contents. */
export const retimeFiles = (folder: string): void =>
  writeList(
    folder,
    (readList(folder) ?? []).map((file) => ({
      ...file,
      modifiedMs: Math.floor(lstatSync(join(folder, file.path)).mtimeMs),
    })),
  );

/**
 * Compares a folder with its list. `quick` reads only the files whose size or time differs, and
 * passes over the bytecode of Python; `full` reads every file.
 */
export const checkFiles = (folder: string, depth: 'quick' | 'full'): FolderCheck => {
  const list = readList(folder);
  if (list === undefined) return { isListed: false, damaged: [], isRetimed: false };
  const judged = depth === 'full' ? list : list.filter(({ path }) => !path.endsWith('.pyc'));
  const states = judged.map((file) => ({ path: file.path, state: stateOf(folder, file, depth) }));
  return {
    isListed: true,
    damaged: states.filter(({ state }) => state === 'damaged').map(({ path }) => path),
    isRetimed: states.some(({ state }) => state === 'retimed'),
  };
};

const stateOf = (
  folder: string,
  { path, size, modifiedMs, sha256 }: ListedFile,
  depth: 'quick' | 'full',
): 'same' | 'retimed' | 'damaged' => {
  const now = lstatSync(join(folder, path), { throwIfNoEntry: false });
  if (now?.size !== size || !now.isFile()) return 'damaged';
  const isRetimed = Math.floor(now.mtimeMs) !== modifiedMs;
  if (!isRetimed && depth === 'quick') return 'same';
  if (sha256Of(readFileSync(join(folder, path))) !== sha256) return 'damaged';
  return isRetimed ? 'retimed' : 'same';
};

/** The first line is the hash of the others, so a list that was cut does not count. */
const writeList = (folder: string, files: readonly ListedFile[]): void => {
  const lines = files.map(
    ({ path, size, modifiedMs, sha256 }) => `${sha256} ${size} ${modifiedMs} ${path}\n`,
  );
  writeFileSync(join(folder, LIST), `${sha256Of(lines.join(''))}\n${lines.join('')}`);
};

const readList = (folder: string): readonly ListedFile[] | undefined => {
  const text = textOf(join(folder, LIST));
  const start = text.indexOf('\n') + 1;
  const lines = text.slice(start);
  if (start === 0 || sha256Of(lines) !== text.slice(0, start - 1)) return undefined;
  return lines.split('\n').flatMap((line) => {
    const [, sha256, size, modified, path] = /^(\S+) (\d+) (-?\d+) (.+)$/.exec(line) ?? [];
    if (sha256 === undefined || path === undefined) return [];
    return [{ path, size: Number(size), modifiedMs: Number(modified), sha256 }];
  });
};

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** The files as a sentence names them. */
export const filesText = ([path, ...others]: readonly string[]): string =>
  others.length === 0 ? `${path}` : `${path} and ${others.length} more`;
