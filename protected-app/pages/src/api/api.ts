import type { paths } from '@contract';
import { answered, type Exchange, type Received, send } from '@kit/api/call.ts';
import { ApiProblem } from '@kit/api/problem.ts';
import createClient, { type Client } from 'openapi-fetch';
import { partOf, stoppedType, useStopped } from '../parts/stopped.ts';

/** The client of the contract; made when the configuration is known. */
export let api: Client<paths>;

export const setUpApi = (baseUrl: string): void => {
  api = createClient<paths>({ baseUrl, fetch: send });
};

/** Waits for a call, and hears whether the part of the application that it asks is stopped. */
export const received = async <Body>(
  part: { readonly method: string; readonly path: string },
  exchange: Promise<Exchange<Body>>,
): Promise<Received<Body>> => {
  const stopped = useStopped();
  const heard = (type: string): void => stopped.heard(partOf(part), type === stoppedType);
  try {
    const answer = await answered(exchange);
    heard('');
    return answer;
  } catch (error) {
    if (error instanceof ApiProblem && error.status > 0) heard(error.type);
    throw error;
  }
};
