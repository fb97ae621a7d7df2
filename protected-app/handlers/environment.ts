import { createLog } from '../shared/log.ts';
import { isLoopback } from '../shared/outside.ts';

/** Reads a variable that infra sets for every function. */
export const variable = (name: `APP_${string}`): string => {
  const setting = process.env[name];
  if (!setting)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return setting;
};

/** What every API function is served with. */
export const apiOptions = () => ({
  origin: variable('APP_ORIGIN'),
  log: (requestId: string) => createLog(variable('APP_FUNCTION'), requestId),
});

/** The address of the local engine that this function runs on; `undefined` on AWS. */
export const endpointOnLoopback = (): string | undefined => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return endpoint !== undefined && isLoopback(endpoint) ? endpoint : undefined;
};
