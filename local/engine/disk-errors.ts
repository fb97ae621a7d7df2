import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';

/** A disk is full. `path` is what could not be written, or the folder that needs the space. */
export class DiskFullError extends CordonError {
  readonly path: string;

  constructor(path: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.path = path;
  }
}

interface FullDisk {
  readonly cause?: unknown;
  /** Where the disk is mounted. */
  readonly mount?: string;
  /** What is free and what is needed. */
  readonly shortage?: string;
  /** What to do once there is space. */
  readonly nextStep?: string;
}

/** The error for a full disk. */
export const diskFull = (
  path: string,
  { cause, mount, shortage, nextStep = 'run the command again (it starts clean)' }: FullDisk = {},
): DiskFullError =>
  new DiskFullError(
    path,
    `no space left on the disk that holds ${path}${mount ? ` (mounted at ${mount})` : ''}: ` +
      `${shortage ? `${shortage}; ` : ''}free some space there, then ${nextStep}`,
    cause,
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
  if (speaksOfFullDisk(message)) return diskFull(pathOf(error) ?? path, { cause: error });
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
