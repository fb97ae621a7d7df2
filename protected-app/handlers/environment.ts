import { isLoopback } from '../shared/outside.ts';

/** Reads a variable that infra sets for every function. */
export const variable = (name: `APP_${string}`): string => {
  const setting = process.env[name];
  if (!setting)
    throw new Error(`the environment variable ${name} is not set: deploy the stack again`);
  return setting;
};

/** The topic of audit events; nothing where no audit is deployed. */
export const auditTopic = (): string | undefined => process.env.APP_AUDIT_TOPIC;

/** The address of the local engine that this function runs on; `undefined` on AWS. */
export const endpointOnLoopback = (): string | undefined => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  return endpoint !== undefined && isLoopback(endpoint) ? endpoint : undefined;
};
