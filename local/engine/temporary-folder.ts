import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';
import { speaksOfFullDisk } from './disk-errors.ts';
import { freeMegabytes } from './disk-space.ts';
import type { Env } from './run-program.ts';

/** pip unpacks there what it installs; a synthesis writes little. */
const INSTALLING = 150;
const LATER = 5;

interface TemporaryFolderOptions {
  readonly root: string;
  readonly env: Env;
}

/** Fails, with a remedy, if the temporary folder cannot be written or is full. */
export const assertTemporaryFolder = ({ root, env }: TemporaryFolderOptions): void => {
  const folder = env.TMPDIR || tmpdir();
  const probe = join(folder, `cordon-probe-${process.pid}`);
  try {
    writeFileSync(probe, Buffer.alloc(65_536));
  } catch (error) {
    throw speaksOfFullDisk(errorMessage(error)) ? full(folder) : notWritable(folder, error);
  } finally {
    rmSync(probe, { force: true });
  }
  const needed = existsSync(join(root, '.cordon/venv/.made')) ? LATER : INSTALLING;
  if (freeMegabytes(folder) < needed) throw full(folder);
};

const remedy = 'or name another one (TMPDIR=/a/folder), then run the command again';

const full = (folder: string): CordonError =>
  new CordonError(`no space left in the temporary folder ${folder}: free some there, ${remedy}`);

const notWritable = (folder: string, cause: unknown): CordonError =>
  new CordonError(
    `the temporary folder ${folder} cannot be written (${codeOf(cause)}): give this user write ` +
      `access, ${remedy}`,
    { cause },
  );

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : errorMessage(error);
