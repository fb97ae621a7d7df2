import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccountRecovery,
  FeaturePlan,
  Mfa,
  UserPool,
  UserPoolClient,
  UserPoolGroup,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { groups } from '../../console/api/caller.ts';
import { acknowledge } from '../shared/acknowledge.ts';

/** Who may sign in to the console. It shares nothing with the pool of the application. */
export class ConsoleUsers extends Construct {
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
      selfSignUpEnabled: false,
      // The user name is the name of the person at AWS: sessions, CloudTrail and cases have it, and
      // nobody can change it.
      signInAliases: { username: true },
      signInCaseSensitive: false,
      standardAttributes: { email: { required: true, mutable: true } },
      autoVerify: { email: true },
      keepOriginal: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(1),
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      // A mailbox of the account may be the intruder's: only an administrator sets a password anew.
      accountRecovery: AccountRecovery.NONE,
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
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      generateSecret: false,
      // No password leaves the browser, and no administrator can sign in for somebody.
      authFlows: { userSrp: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      // Whoever loses a group or is signed out reads for ten minutes more; deciding needs a new
      // sign-in in any case.
      accessTokenValidity: Duration.minutes(10),
      idTokenValidity: Duration.minutes(10),
      // A shift.
      refreshTokenValidity: Duration.hours(8),
      refreshTokenRotationGracePeriod: Duration.seconds(30),
      authSessionValidity: Duration.minutes(3),
    });
  }
}
