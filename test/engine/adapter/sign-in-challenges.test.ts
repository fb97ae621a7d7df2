import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  type ChallengeNameType,
  CognitoIdentityProviderClient,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totpCode } from '../../../local/app/totp.ts';
import { type Engine, startEngine } from './engine.ts';
import { deploy, outcome } from './world.ts';

let engine: Engine;
let cognito: CognitoIdentityProviderClient;
let UserPoolId = '';
let ClientId = '';
beforeAll(async () => {
  engine = await startEngine();
  const made = await deploy(
    engine,
    'guarded',
    {
      Pool: {
        Type: 'AWS::Cognito::UserPool',
        Properties: {
          UserPoolName: 'guarded',
          AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
          MfaConfiguration: 'ON',
          EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        },
      },
      Client: {
        Type: 'AWS::Cognito::UserPoolClient',
        Properties: {
          UserPoolId: { Ref: 'Pool' },
          ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
        },
      },
    },
    { Pool: { Value: { Ref: 'Pool' } }, Client: { Value: { Ref: 'Client' } } },
  );
  UserPoolId = made.Pool ?? '';
  ClientId = made.Client ?? '';
  cognito = new CognitoIdentityProviderClient(engine.client());
});
afterAll(() => engine?.stop());

const passwords = { first: 'Correct-horse-1', second: 'Another-staple-2' };

const invite = (Username: string) =>
  cognito.send(
    new AdminCreateUserCommand({
      ...{ UserPoolId, Username, MessageAction: 'SUPPRESS' },
      TemporaryPassword: passwords.first,
    }),
  );

const enter = (USERNAME: string, PASSWORD = passwords.first) =>
  cognito.send(
    new AdminInitiateAuthCommand({
      ...{ UserPoolId, ClientId, AuthFlow: 'ADMIN_USER_PASSWORD_AUTH' },
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

/** As anybody on the internet may send it: unsigned. */
const answer = (
  ChallengeName: ChallengeNameType,
  Session: string | undefined,
  ChallengeResponses: Record<string, string>,
) =>
  cognito.send(
    new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses }),
  );

const answers: readonly (readonly [ChallengeNameType, Record<string, string>])[] = [
  ['NEW_PASSWORD_REQUIRED', { NEW_PASSWORD: 'Chosen-by-another-1' }],
  ['MFA_SETUP', {}],
  ['SMS_MFA', { SMS_MFA_CODE: '123456' }],
  ['SOFTWARE_TOKEN_MFA', { SOFTWARE_TOKEN_MFA_CODE: '123456' }],
];

/** A user with a confirmed password and a second factor, and the key of that factor. */
const enrolled = async (USERNAME: string): Promise<string> => {
  await invite(USERNAME);
  const invited = await enter(USERNAME);
  const next = await answer('NEW_PASSWORD_REQUIRED', invited.Session, {
    USERNAME,
    NEW_PASSWORD: passwords.second,
  });
  expect([invited.ChallengeName, next.ChallengeName, next.AuthenticationResult]).toEqual([
    'NEW_PASSWORD_REQUIRED',
    'MFA_SETUP',
    undefined,
  ]);
  const { SecretCode = '', Session } = await cognito.send(
    new AssociateSoftwareTokenCommand({ Session: next.Session }),
  );
  const verified = await cognito.send(
    new VerifySoftwareTokenCommand({ Session, UserCode: totpCode(SecretCode, Date.now()) }),
  );
  const done = await answer('MFA_SETUP', verified.Session, { USERNAME });
  expect(done.AuthenticationResult?.AccessToken).toBeTruthy();
  return SecretCode;
};

test('nobody signs up where only administrators make users', async () => {
  const asked = { ClientId, Username: 'stranger', Password: passwords.first };
  expect(await outcome(cognito.send(new SignUpCommand(asked)))).toBe('NotAuthorizedException');
});

test('the name of a user is worth nothing: no challenge is answered without a session', async () => {
  await enrolled('ada');
  await invite('new-ada');
  for (const USERNAME of ['ada', 'new-ada'])
    for (const [name, responses] of answers)
      for (const session of [undefined, 'bWFkZS11cA=='])
        expect([name, await outcome(answer(name, session, { USERNAME, ...responses }))]).toEqual([
          name,
          'NotAuthorizedException',
        ]);
  expect((await enter('ada', passwords.second)).ChallengeName).toBe('SOFTWARE_TOKEN_MFA');
});

test('a session counts for one challenge of one user, once', async () => {
  const key = await enrolled('grace');
  await enrolled('edith');
  const { Session } = await enter('grace', passwords.second);
  const code = { SOFTWARE_TOKEN_MFA_CODE: totpCode(key, Date.now()) };
  const refused = [
    answer('SOFTWARE_TOKEN_MFA', Session, { USERNAME: 'edith', ...code }),
    answer('MFA_SETUP', Session, { USERNAME: 'grace' }),
    answer('NEW_PASSWORD_REQUIRED', Session, { USERNAME: 'grace', NEW_PASSWORD: 'Chosen-by-1-x' }),
    cognito.send(new AssociateSoftwareTokenCommand({ Session })),
  ];
  for (const call of refused) expect(await outcome(call)).toBe('NotAuthorizedException');

  const wrong = { USERNAME: 'grace', SOFTWARE_TOKEN_MFA_CODE: '000000' };
  expect(await outcome(answer('SOFTWARE_TOKEN_MFA', Session, wrong))).toBe('CodeMismatchException');
  const entered = await answer('SOFTWARE_TOKEN_MFA', Session, { USERNAME: 'grace', ...code });
  expect(entered.AuthenticationResult?.AccessToken).toBeTruthy();
  expect(await outcome(answer('SOFTWARE_TOKEN_MFA', Session, { USERNAME: 'grace', ...code }))).toBe(
    'NotAuthorizedException',
  );
});

test('a new password keeps the policy, and asks for the second factor all the same', async () => {
  const key = await enrolled('mary');
  const Username = 'mary';
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: passwords.first }),
  );
  const { Session } = await enter('mary');
  const chosen = (NEW_PASSWORD: string) =>
    answer('NEW_PASSWORD_REQUIRED', Session, { USERNAME: 'mary', NEW_PASSWORD });
  expect(await outcome(chosen('weak'))).toBe('InvalidPasswordException');
  const next = await chosen('Third-password-3');
  expect([next.ChallengeName, next.AuthenticationResult]).toEqual([
    'SOFTWARE_TOKEN_MFA',
    undefined,
  ]);
  const code = { SOFTWARE_TOKEN_MFA_CODE: totpCode(key, Date.now()) };
  const entered = await answer('SOFTWARE_TOKEN_MFA', next.Session, { USERNAME: 'mary', ...code });
  expect(entered.AuthenticationResult?.AccessToken).toBeTruthy();
});

test('a second factor is set up by its code, and no user prefers one that it does not have', async () => {
  await invite('lise');
  const Username = 'lise';
  await cognito.send(
    new AdminSetUserPasswordCommand({
      ...{ UserPoolId, Username, Password: passwords.second, Permanent: true },
    }),
  );
  const preference = { Enabled: true, PreferredMfa: true };
  const prefer = new AdminSetUserMFAPreferenceCommand({
    ...{ UserPoolId, Username, SoftwareTokenMfaSettings: preference },
  });
  expect(await outcome(cognito.send(prefer))).toBe('InvalidParameterException');

  const { ChallengeName, Session } = await enter('lise', passwords.second);
  expect(ChallengeName).toBe('MFA_SETUP');
  const unverified = new AdminRespondToAuthChallengeCommand({
    ...{ UserPoolId, ClientId, ChallengeName: 'MFA_SETUP', Session },
    ChallengeResponses: { USERNAME: 'lise' },
  });
  expect(await outcome(cognito.send(unverified))).toBe('NotAuthorizedException');
  const asked = await cognito.send(new AssociateSoftwareTokenCommand({ Session }));
  const guess = { Session: asked.Session, UserCode: '000000' };
  expect(await outcome(cognito.send(new VerifySoftwareTokenCommand(guess)))).toBe(
    'EnableSoftwareTokenMFAException',
  );
});
