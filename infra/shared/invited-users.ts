import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  FeaturePlan,
  Mfa,
  UserPool,
  UserPoolClient,
  type UserPoolClientProps,
  UserPoolGroup,
  type UserPoolProps,
} from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** What a pool of people decides for itself. */
interface PoolRules
  extends Pick<UserPoolProps, 'signInAliases' | 'userVerification' | 'accountRecovery'> {
  /** How long an invitation can be taken. */
  readonly invitationDays: number;
  readonly deletionProtection: boolean;
}

/** A pool that an administrator invites people to, each with a second factor; and its groups. */
export const invitedUsers = (
  scope: Construct,
  groups: Readonly<Record<string, string>>,
  { invitationDays, deletionProtection, ...own }: PoolRules,
): UserPool => {
  const userPool = new UserPool(scope, 'Pool', {
    ...own,
    // The least that has refresh-token rotation.
    featurePlan: FeaturePlan.ESSENTIALS,
    // Whoever is in the pool may use what it guards, so an administrator decides who is. A list of
    // e-mail domains would not: addresses of a ticket system or a mailing list are read by
    // strangers too.
    selfSignUpEnabled: false,
    signInCaseSensitive: false,
    standardAttributes: { email: { required: true, mutable: true } },
    autoVerify: { email: true },
    // A changed address counts only when its owner has confirmed it, so that no
    // typing mistake gives an account away.
    keepOriginal: { email: true },
    passwordPolicy: {
      minLength: 12,
      requireLowercase: true,
      requireUppercase: true,
      requireDigits: true,
      requireSymbols: true,
      tempPasswordValidity: Duration.days(invitationDays),
    },
    // Cognito enforces a second factor for a whole pool or for nobody, and no token says whether
    // one was used. So all have one, and with them the administrators.
    mfa: Mfa.REQUIRED,
    mfaSecondFactor: { otp: true, sms: false },
    deletionProtection,
    removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  acknowledge(userPool, {
    COG8:
      'The Plus plan adds threat protection at a price for each user and month; the ' +
      'owner of the deployment decides on it.',
  });
  for (const [groupName, description] of Object.entries(groups))
    new UserPoolGroup(scope, groupName, { userPool, groupName, description });
  return userPool;
};

/** The client of a pool for its pages, which can keep no secret. */
export const pagesClient = (scope: Construct, own: UserPoolClientProps): UserPoolClient =>
  new UserPoolClient(scope, 'Client', {
    ...own,
    generateSecret: false,
    disableOAuth: true,
    preventUserExistenceErrors: true,
    enableTokenRevocation: true,
  });
