import { CordonError } from '../engine/errors.ts';

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

/** One request to the API at `base`, as any client makes it. An answer is an answer, whatever its status. */
export const callApi = async (base: string, { method, path, token, headers = {}, body }: ApiCall): Promise<ApiAnswer> => {
  const began = performance.now();
  const answer = await fetch(`${base.replace(/\/$/, '')}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  }).catch((error: unknown) => {
    throw new CordonError(`nothing answers at ${base}: is "cordon up" still running?`, { cause: error });
  });
  const text = await answer.text();
  return { status: answer.status, headers: Object.fromEntries(answer.headers), body: text, ms: Math.round(performance.now() - began) };
};
