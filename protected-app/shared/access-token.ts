import { HttpProblem, noAccessToken } from './problem.ts';

/** The claims of an access token that are read here. */
export interface TokenClaims {
  readonly sub: string;
  readonly 'cognito:groups'?: readonly string[];
}

export interface TokenVerification {
  /**
   * Resolves to the claims of an access token of the user pool and its client; throws for all
   * others.
   */
  readonly verify: (token: string) => Promise<TokenClaims>;
  /**
   * Whether an error of `verify` is about the token. Any other error is a fault of the server and
   * must not send a user to the sign-in page.
   */
  readonly isAboutToken: (error: unknown) => boolean;
}

/** The person who sent a request. */
export interface ApiCaller {
  readonly sub: string;
  readonly isAdministrator: boolean;
}

/** The token in a header `Authorization`, with or without the word `Bearer`. */
export const tokenIn = (authorization = ''): string => authorization.replace(/^bearer\s+/i, '');

export const isAdministrator = ({ 'cognito:groups': groups = [] }: TokenClaims): boolean =>
  groups.includes('administrators');

/**
 * Reads the caller from the token itself. The gateway has verified the same token, but the claims
 * that it adds to an event are only text: any event of the right form could hold them. A caller of
 * the function who comes around the gateway can forge every field of the event except the
 * signature of the token.
 */
export const callerReader =
  ({ verify, isAboutToken }: TokenVerification) =>
  async (authorization: string | undefined): Promise<ApiCaller> => {
    const claims = await verify(tokenIn(authorization)).catch((error: unknown) => {
      throw isAboutToken(error) ? new HttpProblem(401, noAccessToken) : error;
    });
    return { sub: claims.sub, isAdministrator: isAdministrator(claims) };
  };
