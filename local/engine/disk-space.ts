import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** What a disk says about its room. `files` is undefined where it has no fixed number of files. */
export interface DiskSpace {
  readonly bytes: number;
  readonly files: number | undefined;
}

const MEGABYTE = 1_000_000;

/** A run keeps some thousand files: functions, objects of S3, mails. */
const FILES_NEEDED = 500;

/** The nearest folder above a path that exists. */
const existingFolderOf = (path: string): string => {
  const folder = resolve(path);
  return existsSync(folder) ? folder : existingFolderOf(dirname(folder));
};

/** The room on the disk that holds this path, which need not exist yet. */
export const spaceFor = (path: string): DiskSpace => {
  const { bavail, bfree, bsize, ffree, files } = statfsSync(existingFolderOf(path));
  // only root may use the blocks that a file system keeps in reserve
  const blocks = process.getuid?.() === 0 ? bfree : bavail;
  return { bytes: blocks * bsize, files: files > 0 ? ffree : undefined };
};

/** Free megabytes on the disk that holds this path. */
export const freeMegabytes = (path: string): number => Math.floor(spaceFor(path).bytes / MEGABYTE);

/** The folder at which the disk that holds this path is mounted. */
export const mountOf = (path: string): string => {
  let folder = existingFolderOf(path);
  const { dev } = statSync(folder);
  while (dirname(folder) !== folder && statSync(dirname(folder)).dev === dev)
    folder = dirname(folder);
  return folder;
};

/** What is missing for a need of so many megabytes, as part of a sentence; undefined if it fits. */
export const shortageOf = ({ bytes, files }: DiskSpace, megabytes: number): string | undefined => {
  const free = Math.floor(bytes / MEGABYTE);
  if (bytes < megabytes * MEGABYTE) return `${free} MB are free and ${megabytes} MB are needed`;
  if (files !== undefined && files < FILES_NEEDED)
    return `it can take ${files} more files (inodes) and ${FILES_NEEDED} are needed`;
  return undefined;
};
