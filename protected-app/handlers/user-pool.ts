import type { TokenVerification } from '../shared/access-token.ts';
import { tokenVerifier } from '../shared/token-verifier.ts';
import { endpointOnLoopback, variable } from './environment.ts';

/** Verifies access tokens of the application's user pool and its client. */
export const userPool = (): TokenVerification =>
  tokenVerifier({
    userPoolId: variable('APP_USER_POOL_ID'),
    clientId: variable('APP_USER_POOL_CLIENT_ID'),
    engine: endpointOnLoopback(),
  });
