import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtBaseError,
} from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { authorize } from '../api/authorize.ts';
import { endpointOnLoopback, variable } from './environment.ts';

const engine = endpointOnLoopback();

const fromEngine = (endpoint: string) => async (uri: string) => {
  const answer = await fetch(new URL(new URL(uri).pathname, endpoint));
  if (!answer.ok) throw new FetchError(uri, `the engine answers ${answer.status}`);
  return answer.arrayBuffer();
};

/** The keys of the user pool come from Cognito; on a local engine, from the engine. */
const fetcher = engine === undefined ? new SimpleFetcher() : { fetch: fromEngine(engine) };

const verifier = CognitoJwtVerifier.create(
  {
    userPoolId: variable('APP_USER_POOL_ID'),
    clientId: variable('APP_USER_POOL_CLIENT_ID'),
    tokenUse: 'access',
  },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
);

/** Errors about the keys of the pool, not about the token. */
const ours = [FetchError, JwksValidationError, JwkValidationError];

export const handler = authorize({
  verify: (token) => verifier.verify(token),
  isAboutToken: (error) =>
    error instanceof JwtBaseError && !ours.some((kind) => error instanceof kind),
});
