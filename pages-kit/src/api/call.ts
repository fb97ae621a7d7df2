import { useSession } from '../session/session.ts';
import { useConnection } from './connection.ts';
import { ApiProblem, problemOfAnswer, problemOfFailure, unreadableAnswer } from './problem.ts';
import { hearServerTime } from './server-clock.ts';

/** Longer than API Gateway waits for a function. */
const timeoutMs = 35_000;

/** Sends a request with the token of the session, and once more with another one after a 401. */
export const send = async (request: Request): Promise<Response> => {
  const session = useSession();
  const attempt = async (token: string): Promise<Response> => {
    const copy = request.clone();
    copy.headers.set('Authorization', `Bearer ${token}`);
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
    const init = { signal, credentials: 'omit', cache: 'no-store', redirect: 'error' } as const;
    const answer = await fetch(copy, init);
    hearServerTime(answer);
    return answer;
  };
  const answer = await attempt(await session.accessToken());
  return answer.status === 401 ? attempt(await session.otherToken()) : answer;
};

export interface Exchange<Body> {
  readonly data?: Body;
  readonly error?: unknown;
  readonly response: Response;
}

export interface Received<Body> {
  readonly body: Body;
  readonly headers: Headers;
}

/**
 * Waits for a call of a client. Gives the body and the headers of a good answer, and throws an
 * `ApiProblem` for everything else, also for HTML where JSON was promised.
 */
export const answered = async <Body>(
  exchange: Promise<Exchange<Body>>,
): Promise<Received<Body>> => {
  const connection = useConnection();
  const {
    data: body,
    error,
    response,
  } = await exchange.catch((failure: unknown) => {
    if (failure instanceof Error && failure.name === 'AbortError') throw failure;
    if (failure instanceof SyntaxError)
      throw new ApiProblem({
        title: 'Unreadable answer',
        detail: 'The application gave an answer that this page cannot read. Try again later.',
      });
    const problem = problemOfFailure(failure);
    if (!(failure instanceof ApiProblem)) connection.lost();
    throw problem;
  });
  connection.back();
  if (!response.ok) throw problemOfAnswer(response, error);
  const type = response.headers.get('content-type') ?? '';
  if (response.status !== 204 && (body === undefined || !/\bjson\b/.test(type)))
    throw unreadableAnswer(response);
  return { body: body as Body, headers: response.headers };
};
