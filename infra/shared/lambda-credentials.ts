import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the SDK's chain of credential providers in everything that runs as a Lambda: there,
 * credentials are in the environment. What looks for profiles, single sign-on, instance metadata
 * and web identities would be dead code in a function that an attacker wants.
 */
export const defaultProvider = () => fromEnv();
