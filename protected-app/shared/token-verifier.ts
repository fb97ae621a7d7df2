import { CognitoJwtVerifier } from 'aws-jwt-verify';
import {
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtBaseError,
} from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { TokenVerification } from './access-token.ts';

interface VerifiedPool {
  readonly userPoolId: string;
  readonly clientId: string;
  /** The address of a local engine; `undefined` on AWS. */
  readonly engine: string | undefined;
}

const fromEngine = (endpoint: string) => async (uri: string) => {
  const answer = await fetch(new URL(new URL(uri).pathname, endpoint));
  if (!answer.ok) throw new FetchError(uri, `the engine answers ${answer.status}`);
  return answer.arrayBuffer();
};

/** The keys of the user pool come from Cognito; on a local engine, from the engine. */
const fetcherOf = (engine: string | undefined) =>
  engine === undefined ? new SimpleFetcher() : { fetch: fromEngine(engine) };

/** Errors about the keys of the pool, not about the token. */
const ours = [FetchError, JwksValidationError, JwkValidationError];

/**
 * Verifies access tokens of one user pool and its client. The keys are fetched with the first token
 * and kept for as long as the container lives.
 */
export const tokenVerifier = ({
  userPoolId,
  clientId,
  engine,
}: VerifiedPool): TokenVerification => {
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, clientId, tokenUse: 'access' },
    { jwksCache: new SimpleJwksCache({ fetcher: fetcherOf(engine) }) },
  );
  return {
    verify: (token) => verifier.verify(token),
    isAboutToken: (error) =>
      error instanceof JwtBaseError && !ours.some((kind) => error instanceof kind),
  };
};
