import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CordonError } from '../../operator/errors.ts';
import { runDirOf } from './run-dir.ts';

/**
 * The user to whom a file or folder belongs, if that is another one than ours. Root is no other
 * user: it may do everything anyway.
 */
export const otherOwnerOf = (path: string): string | undefined => {
  const own = process.getuid?.();
  if (own === undefined || own === 0) return undefined;
  try {
    const { uid } = statSync(path);
    return uid === own ? undefined : nameOf(uid);
  } catch (error) {
    // The owner of a folder that is closed to us has what is in it.
    const isClosed = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return isClosed ? otherOwnerOf(dirname(path)) : undefined;
  }
};

const nameOf = (uid: number): string => {
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  const name = accounts.map((line) => line.split(':')).find(([, , id]) => Number(id) === uid)?.[0];
  return name ?? `number ${uid}`;
};

/** Fails when another user has the run on this port, or the folder of all runs is closed to us. */
export const assertOwn = (root: string, port: number | undefined): void => {
  const folder = join(root, '.cordon');
  const [path, what] =
    port === undefined
      ? [folder, 'what runs in this folder']
      : [runDirOf(root, port), `the run on port ${port}`];
  const owner = otherOwnerOf(path);
  if (owner !== undefined) throw belongsTo(owner, what);
};

export const belongsTo = (owner: string, what: string): CordonError =>
  new CordonError(
    `${what} belongs to user ${owner}: run the command as that user, or use a folder of your own`,
  );
