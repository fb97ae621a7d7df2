import {
  CognitoIdentityProviderClient,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import { rawMails } from '../../support/engine/inbox.ts';
import { borrowedApp, type DeployedApp } from './deployed.ts';
import { signInBySrp } from './srp.ts';

let app: DeployedApp;
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  app = await borrowedApp('identity');
  cognito = new CognitoIdentityProviderClient(clientConfig(app));
});

const email = 'grace@example.com';
const passwords = { first: 'Correct-horse-7-battery', second: 'Another-staple-9-horse' };
/** The code in the newest mail to this address. */
const mailedCode = (): string => {
  const mails = rawMails(app.engine.runDir, 'users-inbox').filter((mail) =>
    mail.includes(`To: ${email}`),
  );
  return /\b\d{6}\b/.exec(mails.at(-1)?.split('\r\n\r\n')[1] ?? '')?.[0] ?? '';
};
const ClientId = () => app.output('UserPoolClientId');
const signIn = (password: string, who = email) =>
  signInBySrp(cognito, {
    clientId: ClientId(),
    poolId: app.output('UserPoolId'),
    email: who,
    password,
  });
const named = (name: string) => expect.objectContaining({ name });

it('nobody signs up with a weak password', async () => {
  for (const Password of [
    'short-A1!',
    'no-digits-in-Here',
    'NO-SMALL-LETTER-1',
    'no-capital-letter-1',
    'NoSymbolAtAll123',
  ])
    await expect(
      cognito.send(new SignUpCommand({ ClientId: ClientId(), Username: email, Password })),
    ).rejects.toEqual(named('InvalidPasswordException'));
});

it('somebody signs up, is let in only when the address is confirmed, and may use the API as a standard user', async () => {
  const attributes = [{ Name: 'email', Value: email }];
  const { UserConfirmed } = await cognito.send(
    new SignUpCommand({
      ClientId: ClientId(),
      Username: email,
      Password: passwords.first,
      UserAttributes: attributes,
    }),
  );
  expect(UserConfirmed).toBe(false);
  await expect(signIn(passwords.first)).rejects.toEqual(named('UserNotConfirmedException'));
  const confirm = (ConfirmationCode: string) =>
    cognito.send(
      new ConfirmSignUpCommand({ ClientId: ClientId(), Username: email, ConfirmationCode }),
    );
  await expect(confirm('000000')).rejects.toEqual(named('CodeMismatchException'));
  await confirm(mailedCode());

  const { AccessToken: token = '', IdToken: id = '' } = (await signIn(passwords.first)) ?? {};

  expect((await app.call('GET', '/products?limit=1', { token })).status).toBe(200);
  expect((await app.call('GET', '/products?limit=1', { token: id })).status).toBe(401);
  expect(
    (await app.call('DELETE', '/products/00000000-0000-4000-8000-000000000000', { token })).status,
  ).toBe(403);
});

it('a wrong password and an unknown user are told the same', async () => {
  const because = (error: unknown) => (error instanceof Error ? [error.name, error.message] : []);
  const [wrong, unknown] = await Promise.all([
    signIn('Wrong-password-1-here').catch(because),
    signIn(passwords.first, 'nobody@example.com').catch(because),
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

  await expect(signIn(passwords.first)).rejects.toEqual(named('NotAuthorizedException'));
  expect((await signIn(passwords.second))?.AccessToken).toBeTruthy();
});

it('a refresh token works once, and none after signing out', async () => {
  const { AccessToken = '', RefreshToken = '' } = (await signIn(passwords.second)) ?? {};
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
