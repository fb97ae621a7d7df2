import { CordonError } from '../../operator/errors.ts';
import { errorMessage } from '../../responders/shared/errors.ts';

export interface ApiCall {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly ms: number;
}

/** Longer than the timeout of API Gateway. */
const timeoutMs = 60_000;

const requestOf = (base: string, { method, path, token, headers = {}, body }: ApiCall): Request => {
  try {
    return new Request(`${base.replace(/\/$/, '')}${path}`, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(token !== null && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    const why = errorMessage(error);
    throw new CordonError(`the request cannot be sent: ${why}`, { code: 2, cause: error });
  }
};

/** Sends one request to the API at `base`. Returns any answer, also with an error status. */
export const callApi = async (base: string, call: ApiCall): Promise<ApiAnswer> => {
  const request = requestOf(base, call);
  const began = performance.now();
  try {
    const answer = await fetch(request);
    const body = await answer.text();
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body,
      ms: Math.round(performance.now() - began),
    };
  } catch (error) {
    const { cause = error } = error instanceof Error ? error : {};
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CordonError(
      `nothing answers at ${base} (${why}): look with "cordon doctor" whether it still runs`,
      { cause: error },
    );
  }
};
