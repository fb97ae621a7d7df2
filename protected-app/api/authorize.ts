/** What the gateway asks before an administrators' route: may this token call this method? */
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
  /** What the function is told about the caller; the gateway takes texts only. */
  readonly context: Readonly<Record<string, string>>;
}

interface Judge {
  /**
   * Resolves to the claims of an access token of our pool and client, and throws for every other.
   */
  readonly verify: (
    token: string,
  ) => Promise<{ readonly sub: string; readonly 'cognito:groups'?: readonly string[] }>;
  /**
   * Whether an error of `verify` is about the token. Anything else is our trouble and no reason to
   * send somebody to the sign-in page.
   */
  readonly aboutToken: (error: unknown) => boolean;
}

/** The gateway turns an error with exactly this message into a 401. */
const unauthorized = (): Error => new Error('Unauthorized');

/** Lets administrators pass. Somebody else who is signed in gets a 403, everybody else a 401. */
export const authorize =
  ({ verify, aboutToken }: Judge) =>
  async ({ authorizationToken = '', methodArn }: AuthorizerEvent): Promise<AuthorizerAnswer> => {
    const claims = await verify(authorizationToken.replace(/^bearer\s+/i, '')).catch(
      (error: unknown) => {
        throw aboutToken(error) ? unauthorized() : error;
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
