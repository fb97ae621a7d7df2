import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { CordonError } from './errors.ts';
import { output, type Place } from './place.ts';

/** The groups of the console; console/api/caller.ts says what each may do. */
export const consoleGroups = ['readers', 'responders', 'approvers', 'auditors'] as const;
export type ConsoleGroup = (typeof consoleGroups)[number];

export interface ConsolePool {
  readonly cognito: CognitoIdentityProviderClient;
  readonly UserPoolId: string;
  readonly ClientId: string;
}

export const consolePool = async (place: Place): Promise<ConsolePool> => ({
  cognito: new CognitoIdentityProviderClient(await place.config('operator')),
  UserPoolId: output(place, 'CordonConsole', 'ConsoleUserPoolId'),
  ClientId: output(place, 'CordonConsole', 'ConsoleUserPoolClientId'),
});

interface NewConsoleUser {
  /** What the person is called in IAM or Identity Center: decisions carry this name. */
  readonly name: string;
  readonly email: string;
  readonly groups: readonly ConsoleGroup[];
}

/** What AWS takes as the name of a session. */
const personName = /^[a-z0-9][\w+=,.@-]{1,63}$/;

/** Makes a user; `mailed`: Cognito mails a first password that is good for a day. */
export const createConsoleUser = async (
  { cognito, UserPoolId }: ConsolePool,
  { name: Username, email, groups }: NewConsoleUser,
  { mailed }: { readonly mailed: boolean },
): Promise<void> => {
  if (!personName.test(Username))
    throw new CordonError(
      'the name of a user begins with a small letter or a digit, and has 2 to 64 letters, ' +
        'digits and + = , . @ _ -: it becomes the name of a session',
      { code: 2 },
    );
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ];
  await cognito.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      UserAttributes,
      ...(mailed ? { DesiredDeliveryMediums: ['EMAIL'] } : { MessageAction: 'SUPPRESS' }),
    }),
  );
  for (const GroupName of groups)
    await cognito.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }));
};
