import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { checkFiles, filesText, listFiles, retimeFiles } from './file-list.ts';
import { damagedPackageFiles } from './pip-records.ts';
import { type Folders, projectOf } from './project.ts';
import type { Env, Say } from './run-program.ts';

/** What `ensureVenv` needs; `say` reports work that takes time. */
export interface VenvOptions extends Folders {
  readonly env: Env;
  /** pip's file of requirements, with versions and hashes; without it the engine's. */
  readonly requirements?: string;
  /** The folder below `.cordon/`; the engine's is `venv`. */
  readonly folder?: string;
  /** More arguments of `pip install`. */
  readonly pip?: readonly string[];
  /** What messages call the program that is installed; without it `the engine`. */
  readonly name?: string;
  readonly say?: Say | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `ready`: made from the file of requirements as it is now. `damaged`: the same, but files are
 * missing or have changed. `stale`: made from an older file of requirements. `half`: the
 * installation was interrupted. `none`: not made yet.
 */
export type VenvState = 'ready' | 'damaged' | 'stale' | 'half' | 'none';

export const folderOf = ({ root, folder = 'venv' }: VenvOptions): string =>
  join(root, '.cordon', folder);
export const pythonOf = (options: VenvOptions): string => join(folderOf(options), 'bin/python');
export const nameOf = ({ name = 'the engine' }: VenvOptions): string => name;
export const requirementsOf = ({ requirements, ...folders }: VenvOptions): string =>
  requirements ?? join(projectOf(folders), 'local/engine/requirements.txt');

/** What is there now, without changing it. */
export const venvState = (options: VenvOptions): VenvState => {
  const state = markedState(options);
  return state === 'ready' && damagedFiles(options).length > 0 ? 'damaged' : state;
};

/**
 * The state by the files `.made` and `.making` alone, which hold the hash of the requirements. The
 * installed files are not checked.
 */
export const markedState = (options: VenvOptions): Exclude<VenvState, 'damaged'> => {
  const folder = folderOf(options);
  if (!existsSync(folder)) return 'none';
  const wanted = hashOf(options);
  if (markOf(join(folder, '.made')) === wanted && existsSync(pythonOf(options))) return 'ready';
  return markOf(join(folder, '.making')) === wanted ? 'half' : 'stale';
};

/** The files that are missing or have changed; an environment without a list is read in full. */
const damagedFiles = (options: VenvOptions, depth: 'quick' | 'full' = 'quick') => {
  const folder = folderOf(options);
  const { isListed, damaged } = checkFiles(folder, depth);
  return isListed ? damaged : damagedPackageFiles(folder);
};

/** The lock that is held while an environment is made in this folder. */
export const venvLockOf = (folder: string): string => `${folder}.lock`;

export const isSound = (options: VenvOptions): boolean => {
  if (markedState(options) !== 'ready') return false;
  const { isListed, damaged, isRetimed } = checkFiles(folderOf(options), 'quick');
  return isListed && damaged.length === 0 && !isRetimed;
};

/** Reads an environment that was copied or has no list. A damaged one is named and made stale. */
export const isSoundAfterReading = (options: VenvOptions): boolean => {
  const folder = folderOf(options);
  const damaged = damagedFiles(options);
  if (damaged.length > 0) {
    condemn(options, damaged);
    return false;
  }
  if (checkFiles(folder, 'quick').isListed) retimeFiles(folder);
  else listFiles(folder);
  return true;
};

/**
 * Reads every file of the environment after the engine has ended early. A damaged environment is
 * named and made stale, so that the next start makes it anew. Returns whether it was damaged.
 */
export const condemnDamagedVenv = (options: VenvOptions): boolean => {
  const damaged = markedState(options) === 'ready' ? damagedFiles(options, 'full') : [];
  if (damaged.length > 0) condemn(options, damaged);
  return damaged.length > 0;
};

const condemn = (options: VenvOptions, damaged: readonly string[]): void => {
  const folder = folderOf(options);
  options.say?.(
    `.cordon/${basename(folder)} is damaged (${filesText(damaged)}): making it anew`,
    'doing',
  );
  rmSync(join(folder, '.made'), { force: true });
};

export const hashOf = (options: VenvOptions): string => {
  const file = requirementsOf(options);
  if (!existsSync(file))
    throw new CordonError(
      `${file} is missing: restore it from version control, ` +
        `it says what ${nameOf(options)} is made of`,
    );
  return createHash('sha256').update(readFileSync(file)).digest('hex');
};

const markOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, 'utf8') : undefined;
