import {
  AdminCreateUserCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, expect, it } from 'vitest';
import { proveBySrp } from '../../../local/app/srp.ts';
import { totpCode } from '../../../local/app/totp.ts';
import { clientConfig } from '../../../local/engine/clients.ts';
import { rawMails } from '../../support/engine/inbox.ts';
import { borrowedApp, type DeployedApp } from './deployed.ts';

let app: DeployedApp;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  app = await borrowedApp('identity');
  cognito = new CognitoIdentityProviderClient(clientConfig(app));
});

const email = 'grace@example.com';
const passwords = { first: 'Correct-horse-7-battery', second: 'Another-staple-9-horse' };
/** The key of the second factor, once it is set up. */
let authenticatorKey = '';

/** What the pattern matches in the newest mail to this address. */
const mailed = (pattern: RegExp): string => {
  const mails = rawMails(app.engine.runDir, 'users-inbox').filter((mail) =>
    mail.includes(`To: ${email}`),
  );
  return pattern.exec(mails.at(-1)?.split('\r\n\r\n')[1] ?? '')?.[1] ?? '';
};
const mailedCode = (): string => mailed(/\b(\d{6})\b/);

const ClientId = () => app.output('UserPoolClientId');
const prove = (password: string, who = email) =>
  proveBySrp(cognito, {
    clientId: ClientId(),
    poolId: app.output('UserPoolId'),
    email: who,
    password,
  });
const respond = (
  ChallengeName: 'NEW_PASSWORD_REQUIRED' | 'MFA_SETUP' | 'SOFTWARE_TOKEN_MFA',
  Session: string | undefined,
  responses: Record<string, string> = {},
) =>
  cognito.send(
    new RespondToAuthChallengeCommand({
      ...{ ClientId: ClientId(), ChallengeName, Session },
      ChallengeResponses: { USERNAME: email, ...responses },
    }),
  );

/** Password and code, as somebody with an authenticator app signs in. */
const signIn = async (password: string): Promise<AuthenticationResultType> => {
  const { ChallengeName, Session } = await prove(password);
  expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
  const code = { SOFTWARE_TOKEN_MFA_CODE: totpCode(authenticatorKey, Date.now()) };
  return (await respond('SOFTWARE_TOKEN_MFA', Session, code)).AuthenticationResult ?? {};
};
const named = (name: string) => expect.objectContaining({ name });

it('nobody signs up: an administrator decides who uses the application', async () => {
  const asked = new SignUpCommand({
    ...{ ClientId: ClientId(), Username: email, Password: passwords.first },
    UserAttributes: [{ Name: 'email', Value: email }],
  });
  await expect(cognito.send(asked)).rejects.toEqual(named('NotAuthorizedException'));
});

const weakPasswords = [
  'short-A1!',
  'no-digits-in-Here',
  'NO-SMALL-LETTER-1',
  'no-capital-letter-1',
  'NoSymbolAtAll123',
];

it('who is invited chooses a strong password and a second factor, and is let in with no less', async () => {
  await cognito.send(
    new AdminCreateUserCommand({
      ...{ UserPoolId: app.output('UserPoolId'), Username: email },
      DesiredDeliveryMediums: ['EMAIL'],
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
      ],
    }),
  );
  const invited = await prove(mailed(/temporary password is (\S+)\.\s*$/));
  expect(invited.ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
  const choose = (NEW_PASSWORD: string) =>
    respond('NEW_PASSWORD_REQUIRED', invited.Session, { NEW_PASSWORD });
  for (const weak of weakPasswords)
    await expect(choose(weak)).rejects.toEqual(named('InvalidPasswordException'));
  const chosen = await choose(passwords.first);
  expect([chosen.ChallengeName, chosen.AuthenticationResult]).toEqual(['MFA_SETUP', undefined]);
  await expect(respond('MFA_SETUP', chosen.Session)).rejects.toEqual(
    named('NotAuthorizedException'),
  );

  const { SecretCode = '', Session } = await cognito.send(
    new AssociateSoftwareTokenCommand({ Session: chosen.Session }),
  );
  const UserCode = totpCode(SecretCode, Date.now());
  const verified = await cognito.send(new VerifySoftwareTokenCommand({ Session, UserCode }));
  const { AuthenticationResult } = await respond('MFA_SETUP', verified.Session);
  authenticatorKey = SecretCode;

  const { AccessToken: token = '', IdToken: id = '' } = AuthenticationResult ?? {};
  expect((await app.call('GET', '/products?limit=1', { token })).status).toBe(200);
  expect((await app.call('GET', '/products?limit=1', { token: id })).status).toBe(401);
  expect(
    (await app.call('DELETE', '/products/00000000-0000-4000-8000-000000000000', { token })).status,
  ).toBe(403);
});

it('a password without its code is no sign-in', async () => {
  const { ChallengeName, Session, AuthenticationResult } = await prove(passwords.first);
  expect([ChallengeName, AuthenticationResult]).toEqual(['SOFTWARE_TOKEN_MFA', undefined]);
  await expect(
    respond('SOFTWARE_TOKEN_MFA', Session, { SOFTWARE_TOKEN_MFA_CODE: '000000' }),
  ).rejects.toEqual(named('CodeMismatchException'));
});

it('a wrong password and an unknown user are told the same', async () => {
  const because = (error: unknown) => (error instanceof Error ? [error.name, error.message] : []);
  const [wrong, unknown] = await Promise.all([
    prove('Wrong-password-1-here').catch(because),
    prove(passwords.first, 'nobody@example.com').catch(because),
  ]);
  expect(wrong).toEqual(['NotAuthorizedException', 'Incorrect username or password.']);
  expect(unknown).toEqual(wrong);
});

it('no password is taken from the internet but by its proof', async () => {
  const AuthParameters = { USERNAME: email, PASSWORD: passwords.first };
  const plain = new InitiateAuthCommand({
    ClientId: ClientId(),
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters,
  });
  await expect(cognito.send(plain)).rejects.toEqual(named('InvalidParameterException'));
});

it('a forgotten password is replaced by who reads the mail; the old one is worth nothing', async () => {
  await cognito.send(new ForgotPasswordCommand({ ClientId: ClientId(), Username: email }));
  const replace = (Password: string) =>
    cognito.send(
      new ConfirmForgotPasswordCommand({
        ClientId: ClientId(),
        Username: email,
        ConfirmationCode: mailedCode(),
        Password,
      }),
    );
  await expect(replace('weak')).rejects.toEqual(named('InvalidPasswordException'));
  await replace(passwords.second);

  await expect(prove(passwords.first)).rejects.toEqual(named('NotAuthorizedException'));
  expect((await signIn(passwords.second)).AccessToken).toBeTruthy();
});

it('a refresh token works once, and none after signing out', async () => {
  const { AccessToken = '', RefreshToken = '' } = await signIn(passwords.second);
  const renew = (token: string) =>
    cognito.send(
      new GetTokensFromRefreshTokenCommand({ ClientId: ClientId(), RefreshToken: token }),
    );

  const { AuthenticationResult: renewed } = await renew(RefreshToken);
  expect(renewed?.RefreshToken).not.toBe(RefreshToken);

  await cognito.send(new GlobalSignOutCommand({ AccessToken }));

  await expect(cognito.send(new GetUserCommand({ AccessToken }))).rejects.toEqual(
    named('NotAuthorizedException'),
  );
  await expect(renew(renewed?.RefreshToken ?? '')).rejects.toBeInstanceOf(Error);
});
