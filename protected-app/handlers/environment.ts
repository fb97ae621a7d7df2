import { type Handle, serve } from '../shared/http.ts';
import { logOf } from '../shared/log.ts';
import { isLoopback } from '../shared/outside.ts';

/**
 * A variable that infra sets for every function; without it nothing can work, and saying which is
 * the whole message.
 */
export const variable = (name: `APP_${string}`): string => {
  const value = process.env[name];
  if (!value)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return value;
};

/** The handler of an API function. */
export const api = (routes: Readonly<Record<string, Handle>>) =>
  serve(routes, {
    origin: variable('APP_ORIGIN'),
    log: (requestId) => logOf(variable('APP_FUNCTION'), requestId),
  });

/**
 * The address of the engine that this function runs on, where it is on this machine; on AWS there
 * is none.
 */
export const endpointOnLoopback = (): string | undefined => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return endpoint !== undefined && isLoopback(endpoint) ? endpoint : undefined;
};
