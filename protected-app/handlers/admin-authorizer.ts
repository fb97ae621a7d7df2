import { CognitoJwtVerifier } from 'aws-jwt-verify';
import { FetchError, JwtBaseError } from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { authorize } from '../api/authorize.ts';
import { endpointOnLoopback, variable } from './environment.ts';

const engine = endpointOnLoopback();

/** The pool's keys come from Cognito by https; on a loopback engine, from the engine. */
const fetcher =
  engine === undefined
    ? new SimpleFetcher()
    : { fetch: async (uri: string) => (await fetch(new URL(new URL(uri).pathname, engine))).arrayBuffer() };

const verifier = CognitoJwtVerifier.create(
  { userPoolId: variable('APP_USER_POOL_ID'), clientId: variable('APP_USER_POOL_CLIENT_ID'), tokenUse: 'access' },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
);

export const handler = authorize({
  verify: (token) => verifier.verify(token),
  aboutToken: (error) => error instanceof JwtBaseError && !(error instanceof FetchError),
});
