/**
 * What a person is told when something stops: one sentence that says what to do. `code` is the exit
 * code of the command.
 */
export class CordonError extends Error {
  override readonly name: string = 'CordonError';
  readonly code: 1 | 2 | 3;

  constructor(message: string, { code = 1, cause }: { code?: 1 | 2 | 3; cause?: unknown } = {}) {
    super(message, { cause });
    this.code = code;
  }
}

/** What a person saw is not what is asked now, so it was not answered. */
export class ChangedQuestionError extends CordonError {
  constructor(id: string) {
    super(`the question about ${id} has changed since it was shown: read it again`);
  }
}

/** A decision was taken, and what it leads to takes longer than the caller waits. */
export class PendingError extends CordonError {}
