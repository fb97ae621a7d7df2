import { errorMessage } from '../responders/shared/errors.ts';
/**
 * What a person is told when something stops: one sentence that says what to do. `code` is the exit
 * code of the command.
 */
export class CordonError extends Error {
  override readonly name = 'CordonError';
  readonly code: 1 | 2 | 3;

  constructor(message: string, { code = 1, cause }: { code?: 1 | 2 | 3; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }
}

/** The sentence for a full disk; every place that may meet one uses it. */
export const diskFull = (path: string, cause?: unknown): CordonError =>
  new CordonError(
    `no space left on the disk that holds ${path}: free some space there, ` +
      'then run the command again (it starts clean)',
    { cause },
  );

/** True where a program's output, or the text of an error, speaks of a full disk. */
export const speaksOfFullDisk = (text: string): boolean =>
  /ENOSPC|No space left on device|Errno 28|Disk quota exceeded|EDQUOT/i.test(text);

/**
 * Any failure as a CordonError: a full disk is named, our own errors pass, the rest keeps its
 * message.
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
