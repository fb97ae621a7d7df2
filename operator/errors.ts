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
