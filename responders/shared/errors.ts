import { numberAt } from './json.ts';

/** Input from outside has the wrong shape. The message starts with the path of the wrong part. */
export class EdgeError extends Error {
  override readonly name = 'EdgeError';
}

/** A shared role already has as many quarantined functions as its policy can name. */
export class NoFreeSlotError extends Error {
  override readonly name = 'NoFreeSlotError';

  constructor(role: string, functions: readonly string[]) {
    const names = functions.join(', ');
    super(
      `role ${role} already has ${functions.length} quarantined functions (${names}): ` +
        'contain this one by hand',
    );
  }
}

/** A release would let sessions work again that were issued before it. */
export class SessionsLiveError extends Error {
  override readonly name = 'SessionsLiveError';
}

/** The case table has no incident with this id. */
export class UnknownIncidentError extends Error {
  override readonly name = 'UnknownIncidentError';

  constructor(id: string) {
    super(`no incident ${id}`);
  }
}

/** A call was not answered before its deadline. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';

  constructor(ms: number) {
    super(`no answer within ${ms} ms`);
  }
}

/** A later round of the incident has begun: its own execution does what this stage would do. */
export class SupersededError extends Error {
  override readonly name = 'SupersededError';

  constructor(round: number, current: number) {
    super(`the incident is in round ${current}, this stage belongs to round ${round}`);
  }
}

/** A throttle, a server error, or a lease that another run has: the state machine retries. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** Facts for a decision could not be read in time: the state machine retries a few times. */
export class SlowError extends Error {
  override readonly name = 'SlowError';
}

/**
 * A notice is queued and another run has the lease to send: the state machine retries until the
 * notice has been sent.
 */
export class WaitingError extends Error {
  override readonly name = 'WaitingError';
}

/** A heartbeat has seen that containment, or its release, does not work. */
export class HeartbeatError extends Error {
  override readonly name = 'HeartbeatError';
}

/** The webhook did not take a notice. The message is a clause: `it answered 500`. */
export class WebhookError extends Error {
  override readonly name = 'WebhookError';
}

/** Cordon is not as it was deployed. */
export class DifferentError extends Error {
  override readonly name = 'DifferentError';

  constructor(differences: readonly string[]) {
    super(`Cordon differs from what was deployed: ${differences.join('; ')}`);
  }
}

/** Services name a throttle differently: IAM says `Throttling`, with HTTP status 400. */
const throttleNames = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);

/** AWS refused the call because of its rate limits. */
export const isThrottle = (error: unknown): boolean =>
  error instanceof Error && throttleNames.has(error.name);

/** The HTTP status of an AWS error; null for other errors. */
export const httpStatusOf = (error: unknown): number | null =>
  error instanceof Error && '$metadata' in error
    ? numberAt(error.$metadata, 'httpStatusCode')
    : null;

/** Whether a retry may succeed: a throttle, a timeout or a server error. */
export const isBusy = (error: unknown): boolean => {
  const status = httpStatusOf(error) ?? 0;
  return (
    error instanceof BusyError ||
    isThrottle(error) ||
    (error instanceof Error && error.name === 'TimeoutError') ||
    status === 429 ||
    status >= 500
  );
};

/** Busy errors become a BusyError, the name that the state machines retry on. */
export const asBusy = (error: unknown): unknown =>
  isBusy(error) && !(error instanceof BusyError)
    ? new BusyError(errorText(error), { cause: error })
    : error;

/** DynamoDB refused a conditional write because its condition does not hold. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** A thrown value of any type as an Error. */
export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

/** The message of an error; the text of any other thrown value. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** The message with the name of the error before it: `AccessDenied: you may not`. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

const missingNames = new Set([
  'NoSuchEntityException',
  'NoSuchEntity',
  'ResourceNotFoundException',
]);

/** AWS says that it does not exist. */
export const isMissing = (error: unknown): boolean => missingNames.has(asError(error).name);
