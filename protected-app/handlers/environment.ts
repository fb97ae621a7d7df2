import { type RouteHandler, serve } from '../shared/http.ts';
import { createLog } from '../shared/log.ts';
import { isLoopback } from '../shared/outside.ts';

/** Reads a variable that infra sets for every function. */
export const variable = (name: `APP_${string}`): string => {
  const setting = process.env[name];
  if (!setting)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return setting;
};

/** The handler of an API function. */
export const api = (routes: Readonly<Record<string, RouteHandler>>) =>
  serve(routes, {
    origin: variable('APP_ORIGIN'),
    log: (requestId) => createLog(variable('APP_FUNCTION'), requestId),
  });

/** The address of the local engine that this function runs on; `undefined` on AWS. */
export const endpointOnLoopback = (): string | undefined => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return endpoint !== undefined && isLoopback(endpoint) ? endpoint : undefined;
};
