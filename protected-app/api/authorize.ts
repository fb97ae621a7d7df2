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
  /** Passed to the function; API Gateway takes texts only. */
  readonly context: Readonly<Record<string, string>>;
}

interface TokenVerification {
  /**
   * Resolves to the claims of an access token of the user pool and its client; throws for all
   * others.
   */
  readonly verify: (
    token: string,
  ) => Promise<{ readonly sub: string; readonly 'cognito:groups'?: readonly string[] }>;
  /**
   * Whether an error of `verify` is about the token. Any other error is a fault of the server and
   * must not send a user to the sign-in page.
   */
  readonly isAboutToken: (error: unknown) => boolean;
}

/** The gateway turns an error with exactly this message into a 401. */
const unauthorized = (): Error => new Error('Unauthorized');

/** Allows administrators. Other users get a 403, requests without a valid token a 401. */
export const authorize =
  ({ verify, isAboutToken }: TokenVerification) =>
  async ({ authorizationToken = '', methodArn }: AuthorizerEvent): Promise<AuthorizerAnswer> => {
    const claims = await verify(authorizationToken.replace(/^bearer\s+/i, '')).catch(
      (error: unknown) => {
        throw isAboutToken(error) ? unauthorized() : error;
      },
    );
    const groups = claims['cognito:groups'] ?? [];
    const Effect = groups.includes('administrators') ? 'Allow' : 'Deny';
    return {
      principalId: claims.sub,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect, Action: 'execute-api:Invoke', Resource: methodArn }],
      },
      context: { sub: claims.sub, groups: groups.join(',') },
    };
  };
