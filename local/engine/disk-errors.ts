import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';

/** The error for a full disk. */
export const diskFull = (path: string, cause?: unknown): CordonError =>
  new CordonError(
    `no space left on the disk that holds ${path}: free some space there, ` +
      'then run the command again (it starts clean)',
    {
      cause,
    },
  );

/** Whether the output of a program or the text of an error reports a full disk. */
export const speaksOfFullDisk = (text: string): boolean =>
  /ENOSPC|No space left on device|Errno 28|Disk quota exceeded|EDQUOT/i.test(text);

/**
 * Turns any error into a CordonError. A full disk and a missing permission get a remedy; other
 * errors keep their message.
 */
export const explain = (error: unknown, path: string, remedy?: string): CordonError => {
  if (error instanceof CordonError) return error;
  const message = errorMessage(error);
  if (speaksOfFullDisk(message)) return diskFull(pathOf(error) ?? path, error);
  if (/^E(ACCES|PERM|ROFS)\b/.test(message)) {
    return new CordonError(
      `${pathOf(error) ?? path} cannot be written: give this user write access to ${path}`,
      { cause: error },
    );
  }
  return new CordonError(
    remedy === undefined ? message : `${path} cannot be used (${message}): ${remedy}`,
    { cause: error },
  );
};

const pathOf = (error: unknown): string | undefined =>
  error instanceof Error && 'path' in error && typeof error.path === 'string'
    ? error.path
    : undefined;
