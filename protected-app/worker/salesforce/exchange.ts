import { SalesforceError } from './errors.ts';

export interface Call {
  readonly url: URL;
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, not yet judged; `undefined` where there is none. */
  readonly body: unknown;
}

export interface Patience {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
  /** Milliseconds since 1970: nothing is begun that could last longer. */
  readonly deadline: number;
}

const requestMs = 20_000;
const mostTries = 5;
const mostWaitingMs = 60_000;
const firstWaitMs = 500;
const busy: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);

/**
 * One request, tried again while Salesforce is busy or cannot be reached: every request of ours may
 * be repeated. It waits as long as it is told to, but never longer than a minute in all or beyond
 * the deadline.
 */
export const exchange = async (call: Call, patience: Patience): Promise<Reply> => {
  let waited = 0;
  for (let tries = 1; ; tries += 1) {
    const result = await once(call, patience);
    if (!('error' in result) && !busy.has(result.status)) return result;
    const wait =
      'error' in result ? firstWaitMs * 2 ** (tries - 1) : waitOf(result, tries, patience.now());
    waited += wait;
    if (tries === mostTries || waited > mostWaitingMs || patience.now() + wait >= patience.deadline)
      throw givenUp(result);
    await patience.sleep(wait);
  }
};

interface Failed {
  readonly error: unknown;
}

const once = async (
  { url, ...init }: Call,
  { now, deadline }: Patience,
): Promise<Reply | Failed> => {
  const left = deadline - now();
  if (left <= 0) throw new SalesforceError('DEADLINE', 'no time is left to ask Salesforce');
  try {
    // A redirect would carry the token to a host that nobody has judged.
    const response = await fetch(url, {
      ...init,
      redirect: 'error',
      signal: AbortSignal.timeout(Math.min(requestMs, left)),
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

const givenUp = (result: Reply | Failed): SalesforceError =>
  'error' in result
    ? new SalesforceError('UNREACHABLE', 'Salesforce did not answer', { cause: result.error })
    : new SalesforceError('BUSY', `Salesforce goes on answering ${result.status}`);

/** Retry-After is a number of seconds or a date. */
const waitOf = ({ headers }: Reply, tries: number, now: number): number => {
  const said = headers.get('retry-after') ?? '';
  const ms = /^\d{1,6}$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - now;
  return Number.isFinite(ms) && ms >= 0 ? ms : firstWaitMs * 2 ** (tries - 1);
};

const jsonOf = (text: string): unknown => {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};
