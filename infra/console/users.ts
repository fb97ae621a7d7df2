import { Duration } from 'aws-cdk-lib';
import { AccountRecovery, type UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { groups } from '../../console/api/caller.ts';
import { invitedUsers, pagesClient } from '../shared/invited-users.ts';

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
    this.pool = invitedUsers(this, groups, {
      // The user name is the name of the person at AWS: sessions, CloudTrail and cases have it, and
      // nobody can change it.
      signInAliases: { username: true },
      // A mailbox of the account may be the intruder's: only an administrator sets a password anew.
      accountRecovery: AccountRecovery.NONE,
      invitationDays: 1,
      deletionProtection,
    });
    this.client = pagesClient(this, {
      userPool: this.pool,
      // No password leaves the browser, and no administrator can sign in for somebody.
      authFlows: { userSrp: true },
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
