import { isAdministrator, type TokenVerification, tokenIn } from '../shared/access-token.ts';

/** API Gateway's question before an administrators' route: may this token call this method? */
export interface AuthorizerEvent {
  readonly authorizationToken?: string;
  readonly methodArn: string;
}

export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [
      {
        readonly Effect: 'Allow' | 'Deny';
        readonly Action: 'execute-api:Invoke';
        readonly Resource: string;
      },
    ];
  };
  /** For the access log; API Gateway takes texts only. */
  readonly context: Readonly<Record<string, string>>;
}

/** The gateway turns an error with exactly this message into a 401. */
const unauthorized = (): Error => new Error('Unauthorized');

/** Allows administrators. Other users get a 403, requests without a valid token a 401. */
export const authorize =
  ({ verify, isAboutToken }: TokenVerification) =>
  async ({ authorizationToken = '', methodArn }: AuthorizerEvent): Promise<AuthorizerAnswer> => {
    const claims = await verify(tokenIn(authorizationToken)).catch((error: unknown) => {
      throw isAboutToken(error) ? unauthorized() : error;
    });
    const Effect = isAdministrator(claims) ? 'Allow' : 'Deny';
    return {
      principalId: claims.sub,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: methodArn }],
      },
      context: { sub: claims.sub },
    };
  };
