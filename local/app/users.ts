import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import { CordonError } from '../../operator/errors.ts';
import { output, type Place } from '../../operator/place.ts';
import { entries, readJson, textFields } from '../engine/parse.ts';

/** The users that a local run has, and the group of each. */
export const userGroups = { administrator: 'administrators', standard: 'standard-users' } as const;
export type UserName = keyof typeof userGroups;
export const userNames: readonly UserName[] = ['administrator', 'standard'];

/** A user who can sign in to the application. */
export interface AppUser {
  readonly email: string;
  readonly password: string;
}

export type LocalUser = AppUser & { readonly name: UserName };

const emailOf = (name: UserName): string => `${name}@example.com`;
const fileOf = (runDir: string): string => join(runDir, 'app-users.json');

/** Twenty random characters, and one of each kind that the password policy requires. */
const newPassword = (): string => `${randomBytes(15).toString('base64url')}aA1!`;

const poolOf = async (place: Place) => ({
  cognito: new CognitoIdentityProviderClient(await place.config('operator')),
  UserPoolId: output(place, 'CordonProtectedApp', 'UserPoolId'),
});

/** Makes a user whose address and password need no confirmation. */
export const makeUser = async (place: Place, email: string, as: UserName): Promise<AppUser> => {
  const { cognito, UserPoolId } = await poolOf(place);
  const [Username, Password] = [email, newPassword()];
  const UserAttributes = [
    { Name: 'email', Value: email },
    { Name: 'email_verified', Value: 'true' },
  ];
  await cognito.send(
    new AdminCreateUserCommand({ UserPoolId, Username, UserAttributes, MessageAction: 'SUPPRESS' }),
  );
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }),
  );
  await cognito.send(
    new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName: userGroups[as] }),
  );
  return { email, password: Password };
};

/** Removes a user if it exists. */
export const removeUser = async (place: Place, Username: string): Promise<void> => {
  const { cognito, UserPoolId } = await poolOf(place);
  await cognito
    .send(new AdminDeleteUserCommand({ UserPoolId, Username }))
    .catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'UserNotFoundException')) throw error;
    });
};

/**
 * Makes the users of a local run. Their passwords are new in every run, and are stored in a file
 * that only the current user of the machine can read.
 */
export const makeUsers = async (place: Place, runDir: string): Promise<readonly LocalUser[]> => {
  const users = await Promise.all(
    userNames.map(async (name) => ({ name, ...(await makeUser(place, emailOf(name), name)) })),
  );
  const passwords = Object.fromEntries(users.map(({ name, password }) => [name, password]));
  writeFileSync(fileOf(runDir), `${JSON.stringify({ passwords }, undefined, 2)}\n`, {
    mode: 0o600,
  });
  return users;
};

/** The users that the running `cordon up` has made. */
export const readUsers = (runDir: string): readonly LocalUser[] => {
  if (!existsSync(fileOf(runDir)))
    throw new CordonError(
      'this run has no users: start it with "cordon up" and wait until it is ready',
    );
  const [, stored] = entries(readJson(fileOf(runDir))).find(([name]) => name === 'passwords') ?? [];
  const passwords = textFields(stored);
  return userNames.map((name) => ({ name, email: emailOf(name), password: passwords[name] ?? '' }));
};

/** An access token of a user, as a signed-in browser has it. */
export const signIn = async (place: Place, { email, password }: AppUser): Promise<string> => {
  const { cognito, UserPoolId } = await poolOf(place);
  const { AuthenticationResult, ChallengeName } = await cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId: output(place, 'CordonProtectedApp', 'UserPoolClientId'),
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
  if (AuthenticationResult?.AccessToken) return AuthenticationResult.AccessToken;
  throw new CordonError(`${email} could not sign in: ${ChallengeName ?? 'no token was given'}`);
};
