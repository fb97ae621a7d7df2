import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  RespondToAuthChallengeCommand,
  type RespondToAuthChallengeCommandOutput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  type ConsoleGroup,
  type ConsolePool,
  consoleGroups,
  consolePool,
  createConsoleUser,
} from '../../operator/console-users.ts';
import { CordonError } from '../../operator/errors.ts';
import type { Place } from '../../operator/place.ts';
import { proveBySrp } from '../app/srp.ts';
import { totpCode } from '../app/totp.ts';
import { field, readJson, textFields } from '../engine/parse.ts';

/** A user of the console in a local run. */
export interface LocalConsoleUser {
  readonly name: string;
  readonly password: string;
  /** The key of the second factor, as an authenticator app takes it. */
  readonly authenticatorKey: string;
}

export interface ConsoleTokens {
  readonly accessToken: string;
  readonly idToken: string;
  readonly refreshToken: string;
}

/** One user for each group: `reader` of `readers`. */
const seededNames = consoleGroups.map((group) => [group.replace(/s$/, ''), group] as const);

const fileOf = (runDir: string): string => join(runDir, 'console-users.json');

/** Twenty random characters, and one of each kind that the password policy requires. */
const newPassword = (): string => `${randomBytes(15).toString('base64url')}aA1!`;

const prove = ({ cognito, UserPoolId, ClientId }: ConsolePool, email: string, password: string) =>
  proveBySrp(cognito, { clientId: ClientId, poolId: UserPoolId, email, password });

const respond = (
  { cognito, ClientId }: ConsolePool,
  ChallengeName: 'MFA_SETUP' | 'SOFTWARE_TOKEN_MFA',
  Session: string | undefined,
  ChallengeResponses: Record<string, string>,
): Promise<RespondToAuthChallengeCommandOutput> =>
  cognito.send(
    new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses }),
  );

const tokensOf = (given: AuthenticationResultType | undefined, name: string): ConsoleTokens => {
  const { AccessToken, IdToken, RefreshToken } = given ?? {};
  if (AccessToken && IdToken && RefreshToken)
    return { accessToken: AccessToken, idToken: IdToken, refreshToken: RefreshToken };
  throw new CordonError(`${name} could not sign in: no token was given`);
};

/**
 * Makes a user with a second factor, as a person does it who signs in for the first time: the
 * client of the console knows no other way in. The sign-in ends with tokens.
 */
export const enterConsole = async (
  place: Place,
  name: string,
  groups: readonly ConsoleGroup[],
): Promise<{ readonly user: LocalConsoleUser; readonly tokens: ConsoleTokens }> => {
  const pool = await consolePool(place);
  const { cognito, UserPoolId } = pool;
  const password = newPassword();
  const email = name.includes('@') ? name : `${name}@example.com`;
  await createConsoleUser(pool, { name, email, groups }, { mailed: false });
  await cognito.send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username: name,
      Password: password,
      Permanent: true,
    }),
  );
  const { Session: toSetUp } = await prove(pool, name, password);
  const { SecretCode: authenticatorKey = '', Session: toVerify } = await cognito.send(
    new AssociateSoftwareTokenCommand({ Session: toSetUp }),
  );
  const { Session: verified } = await cognito.send(
    new VerifySoftwareTokenCommand({
      Session: toVerify,
      UserCode: totpCode(authenticatorKey, Date.now()),
    }),
  );
  const { AuthenticationResult } = await respond(pool, 'MFA_SETUP', verified, { USERNAME: name });
  return {
    user: { name, password, authenticatorKey },
    tokens: tokensOf(AuthenticationResult, name),
  };
};

/** Signs in with password and code. Cognito takes each code once. */
export const signInToConsole = async (
  place: Place,
  { name, password, authenticatorKey }: LocalConsoleUser,
): Promise<ConsoleTokens> => {
  const pool = await consolePool(place);
  const { ChallengeName, Session } = await prove(pool, name, password);
  if (ChallengeName !== 'SOFTWARE_TOKEN_MFA')
    throw new CordonError(`${name} could not sign in: ${ChallengeName ?? 'no code was asked for'}`);
  const { AuthenticationResult } = await respond(pool, ChallengeName, Session, {
    USERNAME: name,
    SOFTWARE_TOKEN_MFA_CODE: totpCode(authenticatorKey, Date.now()),
  });
  return tokensOf(AuthenticationResult, name);
};

/** The users of the run, one for each group; made by the first who asks. */
export const consoleUsers = async (
  place: Place,
  runDir: string,
): Promise<readonly (LocalConsoleUser & { readonly group: ConsoleGroup })[]> => {
  if (existsSync(fileOf(runDir))) {
    const stored = readJson(fileOf(runDir));
    return seededNames.map(([name, group]) => {
      const { password = '', authenticatorKey = '' } = textFields(field(stored, name));
      return { name, group, password, authenticatorKey };
    });
  }
  const users = await Promise.all(
    seededNames.map(async ([name, group]) => ({
      ...(await enterConsole(place, name, [group])).user,
      group,
    })),
  );
  const byName = Object.fromEntries(
    users.map(({ name, password, authenticatorKey }) => [name, { password, authenticatorKey }]),
  );
  writeFileSync(fileOf(runDir), `${JSON.stringify(byName, undefined, 2)}\n`, { mode: 0o600 });
  return users;
};
