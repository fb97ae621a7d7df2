import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DiskFullError } from './disk-errors.ts';
import { runDirOf } from './run-dir.ts';
import type { Engine } from './start.ts';

/** How many of these folders stay: what they hold comes from drills, and takes megabytes. */
const KEPT = 3;

/** Where the files of a run lie after a full disk has ended it. */
export const keptFolderOf = (root: string, port: number, started: string): string =>
  join(root, '.cordon', `kept-${port}-${started.replaceAll(/[-:]|\.\d+/g, '')}`);

/** The engine keeps objects of S3 below the account, and their old versions apart. */
const bucketFoldersOf = (s3: string): readonly string[] =>
  [s3, join(s3, '.versions')].flatMap((folder) =>
    foldersIn(folder)
      .filter((account) => /^\d{12}$/.test(account))
      .flatMap((account) =>
        foldersIn(join(folder, account)).map((bucket) => join(folder, account, bucket)),
      ),
  );

const foldersIn = (folder: string): readonly string[] =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];

const holdsFiles = (folder: string): boolean =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).some((entry) => entry.isFile());

/**
 * The engine writes what S3 knows of an object beside it. Without those files a folder of evidence
 * is as an auditor gets it, and `cordon evidence verify --copied` reads it.
 */
const removeSidecars = (bucket: string): void => {
  const suffix = '.meta.json';
  for (const path of readdirSync(bucket, { recursive: true, encoding: 'utf8' })) {
    const file = join(bucket, path);
    if (path.endsWith(suffix) && existsSync(file.slice(0, -suffix.length))) rmSync(file);
  }
};

/** The code of the functions comes from the checkout and is large. */
const isAssets = (bucket: string): boolean => /\/cdk-[a-z0-9]+-assets-[^/]*$/.test(bucket);

/**
 * Moves what a run has collected out of the way of the next start: evidence, trail, mails and log.
 * It only renames and removes, so it works on a full disk. Returns the folder, or undefined if the
 * run had collected nothing. Call it after the engine has ended.
 */
export const keepCollected = (root: string, port: number, started: string): string | undefined => {
  const runDir = runDirOf(root, port);
  if (!existsSync(runDir)) return undefined;
  const buckets = bucketFoldersOf(join(runDir, 's3'));
  for (const assets of buckets.filter(isAssets)) rmSync(assets, { recursive: true, force: true });
  const others = buckets.filter((bucket) => !isAssets(bucket));
  for (const bucket of others) removeSidecars(bucket);
  const collected = [...others, join(runDir, 'inbox')];
  if (!collected.some((folder) => existsSync(folder) && holdsFiles(folder))) return undefined;
  const kept = keptFolderOf(root, port, started);
  try {
    renameSync(runDir, kept);
    return kept;
  } catch {
    return runDir; // the next start would empty it, so the sentence names it
  }
};

/** Removes all but the newest folders of ended runs, and returns the names of the others. */
export const forgetOldKept = (root: string): readonly string[] => {
  const timeOf = (name: string): string => name.slice(name.lastIndexOf('-'));
  const old = foldersIn(join(root, '.cordon'))
    .filter((name) => /^kept-\d+-\d{8}T\d{6}Z$/.test(name))
    .sort((left, right) => timeOf(right).localeCompare(timeOf(left)))
    .slice(KEPT);
  for (const name of old) rmSync(join(root, '.cordon', name), { recursive: true, force: true });
  return old;
};

/** The error of a run, with the folder of what it had collected if a full disk has ended it. */
export const withCollected = (
  root: string,
  { port, started }: Pick<Engine, 'port' | 'started'>,
  error: unknown,
): unknown => {
  if (!(error instanceof DiskFullError)) return error;
  const kept = keepCollected(root, port, started);
  if (kept === undefined) return error;
  const untilWhen =
    kept === runDirOf(root, port)
      ? 'until the next start'
      : `the newest ${KEPT} such folders are kept`;
  return new DiskFullError(
    error.path,
    `${error.message}; what this run had collected is in ${kept} (${untilWhen})`,
    error.cause,
  );
};
