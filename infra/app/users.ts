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

  constructor(
    scope: Construct,
    id: string,
    { deletionProtection }: { readonly deletionProtection: boolean },
  ) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      // The least that has refresh-token rotation.
      featurePlan: FeaturePlan.ESSENTIALS,
      selfSignUpEnabled: true,
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
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      deletionProtection,
      removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.pool, {
      COG2:
        'A second factor is offered and not required: people sign themselves up, and many ' +
        'have no app for it.',
      COG8:
        'The Plus plan adds threat protection at a price for each user and month; the ' +
        'owner of the deployment decides on it.',
    });
    for (const [groupName, description] of Object.entries(groups))
      new UserPoolGroup(this, groupName, { userPool: this.pool, groupName, description });
    this.client = this.clientOf(this.pool);
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
