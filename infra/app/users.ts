import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  UserPool,
  UserPoolClient,
  UserPoolGroup,
  VerificationEmailStyle,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { acknowledge } from '../shared/acknowledge.ts';

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
    this.pool = new UserPool(this, 'Pool', {
      // The least that has refresh-token rotation.
      featurePlan: FeaturePlan.ESSENTIALS,
      // Whoever is in the pool may use the application, so an administrator decides who is. A list
      // of e-mail domains would not: addresses of a ticket system or a mailing list are read by
      // strangers too.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      autoVerify: { email: true },
      // A changed address counts only when its owner has confirmed it, so that no
      // typing mistake gives an account away.
      keepOriginal: { email: true },
      userVerification: { emailStyle: VerificationEmailStyle.CODE },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // Cognito enforces a second factor for a whole pool or for nobody, and no token says whether
      // one was used. So all have one, and with them the administrators.
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.pool, {
      COG8:
        'The Plus plan adds threat protection at a price for each user and month; the ' +
        'owner of the deployment decides on it.',
    });
    for (const [groupName, description] of Object.entries(groups))
      new UserPoolGroup(this, groupName, { userPool: this.pool, groupName, description });
    this.client = this.clientOf(this.pool);
    this.variables = {
      APP_USER_POOL_ID: this.pool.userPoolId,
      APP_USER_POOL_CLIENT_ID: this.client.userPoolClientId,
    };
    this.outputs = {
      UserPoolId: this.pool.userPoolId,
      UserPoolClientId: this.client.userPoolClientId,
    };
  }

  /** For the front end, which can keep no secret. */
  private clientOf(userPool: UserPool): UserPoolClient {
    return new UserPoolClient(this, 'Client', {
      userPool,
      generateSecret: false,
      // SRP: no password leaves the browser. The other flow is closed to the internet: it needs
      // permission to call Cognito's administration in this account, which is how commands and
      // tests sign in.
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // The gateway reads tokens and asks Cognito nothing: after a sign-out or the loss of a group
      // a token stays valid for this long.
      accessTokenValidity: Duration.minutes(15),
      idTokenValidity: Duration.minutes(15),
      refreshTokenValidity: Duration.days(1),
      // Each refresh token works once; the minute is for answers that got lost on the way.
      refreshTokenRotationGracePeriod: Duration.minutes(1),
      authSessionValidity: Duration.minutes(5),
    });
  }
}
