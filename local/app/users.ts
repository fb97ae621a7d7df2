import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CordonError } from '../../operator/errors.ts';
import { output, type Place } from '../../operator/place.ts';
import { field, readJson, textFields } from '../engine/parse.ts';
import { totpCode } from './totp.ts';

/** The users that a local run has, and the group of each. */
export const userGroups = { administrator: 'administrators', standard: 'standard-users' } as const;
export type UserName = keyof typeof userGroups;
export const userNames: readonly UserName[] = ['administrator', 'standard'];

/** A user who can sign in to the application. */
export interface AppUser {
  readonly email: string;
  readonly password: string;
  /** The key of the second factor, as an authenticator app takes it. */
  readonly authenticatorKey: string;
}

export type LocalUser = AppUser & { readonly name: UserName };

const emailOf = (name: UserName): string => `${name}@example.com`;
const fileOf = (runDir: string): string => join(runDir, 'app-users.json');

/** Twenty random characters, and one of each kind that the password policy requires. */
const newPassword = (): string => `${randomBytes(15).toString('base64url')}aA1!`;

const poolOf = async (place: Place) => ({
  cognito: new CognitoIdentityProviderClient(await place.config('operator')),
  UserPoolId: output(place, 'CordonProtectedApp', 'UserPoolId'),
  ClientId: output(place, 'CordonProtectedApp', 'UserPoolClientId'),
});

type Pool = Awaited<ReturnType<typeof poolOf>>;

/** A user and the tokens of the first sign-in. */
export interface NewUser {
  readonly user: AppUser;
  readonly accessToken: string;
  readonly idToken: string;
}

/**
 * Makes a user whose address and password need no confirmation, with a second factor. The first
 * sign-in sets the factor up and ends with a token: Cognito takes each code once, so a second
 * sign-in would have to wait for the next code.
 */
export const makeUser = async (place: Place, email: string, as: UserName): Promise<NewUser> => {
  const pool = await poolOf(place);
  const { cognito, UserPoolId } = pool;
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
  const { Session } = await enterPassword(pool, { email, password: Password });
  const { authenticatorKey, session } = await setUpSecondFactor(pool, Session);
  const answered = await answerChallenge(pool, 'MFA_SETUP', session, { USERNAME: email });
  return {
    user: { email, password: Password, authenticatorKey },
    ...tokensOf(answered, email),
  };
};

const enterPassword = (
  { cognito, UserPoolId, ClientId }: Pool,
  { email, password }: Pick<AppUser, 'email' | 'password'>,
) =>
  cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );

const setUpSecondFactor = async ({ cognito }: Pool, given: string | undefined) => {
  const { SecretCode: authenticatorKey = '', Session } = await cognito.send(
    new AssociateSoftwareTokenCommand({ Session: given }),
  );
  const UserCode = totpCode(authenticatorKey, Date.now());
  const verified = await cognito.send(new VerifySoftwareTokenCommand({ Session, UserCode }));
  return { authenticatorKey, session: verified.Session };
};

const answerChallenge = async (
  { cognito, UserPoolId, ClientId }: Pool,
  ChallengeName: 'MFA_SETUP' | 'SOFTWARE_TOKEN_MFA',
  Session: string | undefined,
  ChallengeResponses: Record<string, string>,
): Promise<AuthenticationResultType | undefined> => {
  const answer = { UserPoolId, ClientId, ChallengeName, Session, ChallengeResponses };
  return (await cognito.send(new AdminRespondToAuthChallengeCommand(answer))).AuthenticationResult;
};

const tokensOf = (
  { AccessToken: accessToken, IdToken: idToken }: AuthenticationResultType = {},
  email: string,
): Pick<NewUser, 'accessToken' | 'idToken'> => {
  if (accessToken && idToken) return { accessToken, idToken };
  throw new CordonError(`${email} could not sign in: no token was given`);
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
 * Makes the users of a local run. Their passwords and keys are new in every run, and are stored in
 * a file that only the current user of the machine can read.
 */
export const makeUsers = async (place: Place, runDir: string): Promise<readonly LocalUser[]> => {
  const users = await Promise.all(
    userNames.map(async (name) => ({ name, ...(await makeUser(place, emailOf(name), name)).user })),
  );
  const byName = Object.fromEntries(
    users.map(({ name, password, authenticatorKey }) => [name, { password, authenticatorKey }]),
  );
  writeFileSync(fileOf(runDir), `${JSON.stringify(byName, undefined, 2)}\n`, { mode: 0o600 });
  return users;
};

/** The users that the running `cordon up` has made. */
export const readUsers = (runDir: string): readonly LocalUser[] => {
  if (!existsSync(fileOf(runDir)))
    throw new CordonError(
      'this run has no users: start it with "cordon up" and wait until it is ready',
    );
  const stored = readJson(fileOf(runDir));
  return userNames.map((name) => {
    const { password = '', authenticatorKey = '' } = textFields(field(stored, name));
    return { name, email: emailOf(name), password, authenticatorKey };
  });
};

/** An access token of a user, as a signed-in browser has it. */
export const signIn = async (place: Place, user: AppUser): Promise<string> => {
  const pool = await poolOf(place);
  const { email, authenticatorKey } = user;
  const { ChallengeName, Session } = await enterPassword(pool, user);
  if (ChallengeName !== 'SOFTWARE_TOKEN_MFA')
    throw new CordonError(
      `${email} could not sign in: ${ChallengeName ?? 'no code was asked for'}`,
    );
  const responses = {
    USERNAME: email,
    SOFTWARE_TOKEN_MFA_CODE: totpCode(authenticatorKey, Date.now()),
  };
  return tokensOf(await answerChallenge(pool, ChallengeName, Session, responses), email)
    .accessToken;
};
