/** The outside world sent something that cannot be read. The path says where. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
}

/** A shared role already has as many quarantined functions as its policy can name. */
export class NoFreeSlotError extends Error {
  override readonly name = 'NoFreeSlotError';

  constructor(role: string, functions: readonly string[]) {
    super(
      `role ${role} already has ${functions.length} quarantined functions (${functions.join(', ')}): decide by hand`,
    );
  }
}

/** Nothing with this id is in the case table. */
export class UnknownIncidentError extends Error {
  override readonly name = 'UnknownIncidentError';

  constructor(id: string) {
    super(`no incident ${id}`);
  }
}

/** Something did not answer before its deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** AWS is busy or briefly unwell: the state machine tries again. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/**
 * What a decision needs could not be read in time: the state machine has it read again, a bounded
 * number of times.
 */
export class SlowError extends Error {
  override readonly name = 'SlowError';
}

/**
 * A notice is written down and somebody else is sending: the state machine asks again whether it is
 * out.
 */
export class WaitingError extends Error {
  override readonly name = 'WaitingError';
}

/** Each service has a word of its own for it: IAM says `Throttling`, with a status of 400. */
const throttles = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** AWS has refused for now, because it was asked too often. */
export const isThrottle = (error: unknown): boolean =>
  error instanceof Error && throttles.has(error.name);

/**
 * Throttles and 5xx become BusyError, so that a state machine can name them; everything else stays
 * what it is.
 */
export const asBusy = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? Number(metadata.httpStatusCode)
      : 0;
  const busy =
    isThrottle(error) || error.name === 'TimeoutError' || status === 429 || status >= 500;
  return busy ? new BusyError(`${error.name}: ${error.message}`, { cause: error }) : error;
};

/** A conditional write that DynamoDB did not make, because its condition does not hold. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** What was thrown, as an error. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** What went wrong, in the words of whoever threw it. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The same with the name of the error in front, as AWS gives it: `AccessDenied: you may not`. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
