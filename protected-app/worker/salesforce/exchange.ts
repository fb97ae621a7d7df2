import { SalesforceError } from './errors.ts';

export interface SalesforceCall {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface SalesforceReply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, not yet validated; `undefined` without a body. */
  readonly body: unknown;
}

export interface RetryBudget {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** In milliseconds since 1970: nothing that could last longer is begun. */
  readonly deadline: number;
}

const requestTimeoutMs = 20_000;
const maxAttempts = 5;
const maxTotalWaitMs = 60_000;
const firstWaitMs = 500;
const busyStatuses: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/**
 * Sends one request, and retries while Salesforce is busy or unreachable: every request here is
 * idempotent. It waits as long as Retry-After says, but never longer than a minute in all or beyond
 * the deadline.
 */
export const exchange = async (
  call: SalesforceCall,
  retryBudget: RetryBudget,
): Promise<SalesforceReply> => {
  let totalWaitMs = 0;
  for (let attempt = 1; ; attempt += 1) {
    const attemptResult = await sendOnce(call, retryBudget);
    if (!('error' in attemptResult) && !busyStatuses.has(attemptResult.status))
      return attemptResult;
    const waitMs =
      'error' in attemptResult
        ? firstWaitMs * 2 ** (attempt - 1)
        : waitAfter(attemptResult, attempt, retryBudget.now());
    totalWaitMs += waitMs;
    if (
      attempt === maxAttempts ||
      totalWaitMs > maxTotalWaitMs ||
      retryBudget.now() + waitMs >= retryBudget.deadline
    )
      throw exhaustedError(attemptResult);
    await retryBudget.sleep(waitMs);
  }
};

interface FailedAttempt {
  readonly error: unknown;
}

const sendOnce = async (
  { url, ...init }: SalesforceCall,
  { now, deadline }: RetryBudget,
): Promise<SalesforceReply | FailedAttempt> => {
  const remainingMs = deadline - now();
  if (remainingMs <= 0)
    throw new SalesforceError('DEADLINE', 'No time was left to call Salesforce');
  try {
    // A redirect would send the token to a host that was not checked.
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(Math.min(requestTimeoutMs, remainingMs)),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: jsonOf(await response.text()),
    };
  } catch (error) {
    return { error };
  }
};

const exhaustedError = (attemptResult: SalesforceReply | FailedAttempt): SalesforceError =>
  'error' in attemptResult
    ? new SalesforceError('UNREACHABLE', 'Salesforce did not answer', {
        cause: attemptResult.error,
      })
    : new SalesforceError(
        'BUSY',
        `Salesforce still answers HTTP ${attemptResult.status} after all retries`,
      );

/** Retry-After is a number of seconds or a date. */
const waitAfter = ({ headers }: SalesforceReply, attempt: number, now: number): number => {
  const retryAfter = headers.get('retry-after') ?? '';
  const ms = /^\d{1,6}$/.test(retryAfter)
    ? Number(retryAfter) * 1_000
    : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : firstWaitMs * 2 ** (attempt - 1);
};

const jsonOf = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};
