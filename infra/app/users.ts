import { Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type UserPool,
  type UserPoolClient,
  VerificationEmailStyle,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { invitedUsers, pagesClient } from '../shared/invited-users.ts';

const groups = {
  administrators: 'May remove products, synchronise with Salesforce, and see personal fields',
  'standard-users':
    'May work with products and customers, and ask questions; ' +
    'users without a group may do the same',
} as const;

/** Who may sign in, and how. */
export class AppUsers extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** What a function needs to verify the tokens of the pool. */
  readonly variables: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<'UserPoolId' | 'UserPoolClientId', string>>;

  constructor(
    scope: Construct,
    id: string,
    { deletionProtection }: { readonly deletionProtection: boolean },
  ) {
    super(scope, id);
    this.pool = invitedUsers(this, groups, {
      signInAliases: { email: true },
      userVerification: { emailStyle: VerificationEmailStyle.CODE },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      invitationDays: 3,
      deletionProtection,
    });
    this.client = pagesClient(this, {
      userPool: this.pool,
      // SRP: no password leaves the browser. The other flow is closed to the internet: it needs
      // permission to call Cognito's administration in this account, which is how commands and
      // tests sign in.
      authFlows: { userSrp: true, adminUserPassword: true },
      // The gateway reads tokens and asks Cognito nothing: after a sign-out or the loss of a group
      // a token stays valid for this long.
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(1),
      // Each refresh token works once; the minute is for answers that got lost on the way.
      refreshTokenRotationGracePeriod: Duration.minutes(1),
      authSessionValidity: Duration.minutes(5),
    });
    this.variables = {
      APP_USER_POOL_ID: this.pool.userPoolId,
      APP_USER_POOL_CLIENT_ID: this.client.userPoolClientId,
    };
    this.outputs = {
      UserPoolId: this.pool.userPoolId,
      UserPoolClientId: this.client.userPoolClientId,
    };
  }
}
