import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from './engine.ts';
import { deploy, outcome } from './world.ts';

const clientOf = (RefreshTokenRotation?: object) => ({
  Type: 'AWS::Cognito::UserPoolClient',
  Properties: {
    UserPoolId: { Ref: 'Pool' },
    ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
    ...(RefreshTokenRotation && { RefreshTokenRotation }),
  },
});

const start = async (skip = '') => {
  const engine = await startEngine({ skip });
  const made = await deploy(
    engine,
    'users',
    {
      Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: 'users' } },
      Once: clientOf({ Feature: 'ENABLED', RetryGracePeriodSeconds: 0 }),
      Grace: clientOf({ Feature: 'ENABLED', RetryGracePeriodSeconds: 60 }),
      Plain: clientOf(),
    },
    Object.fromEntries(
      ['Pool', 'Once', 'Grace', 'Plain'].map((name) => [name, { Value: { Ref: name } }]),
    ),
  );
  const UserPoolId = made.Pool;
  const cognito = new CognitoIdentityProviderClient(engine.client());
  const [Username, PASSWORD] = ['somebody', 'Correct-horse-1'];
  await cognito.send(
    new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: 'SUPPRESS' }),
  );
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: PASSWORD, Permanent: true }),
  );
  const signIn = async (ClientId: string | undefined) => {
    const AuthParameters = { USERNAME: Username, PASSWORD };
    const asked = new AdminInitiateAuthCommand({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters,
    });
    return (await cognito.send(asked)).AuthenticationResult?.RefreshToken;
  };
  const refresh = async (ClientId: string | undefined, RefreshToken: string | undefined) =>
    (await cognito.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken })))
      .AuthenticationResult;
  return { engine, cognito, made, signIn, refresh };
};

describe('a client with rotation', () => {
  let world: Awaited<ReturnType<typeof start>>;
  beforeAll(async () => {
    world = await start();
  });
  afterAll(() => world?.engine.stop());

  test('says so', async () => {
    const { cognito, made } = world;
    const { UserPoolClient } = await cognito.send(
      new DescribeUserPoolClientCommand({ UserPoolId: made.Pool, ClientId: made.Grace }),
    );
    expect(UserPoolClient?.RefreshTokenRotation).toEqual({
      Feature: 'ENABLED',
      RetryGracePeriodSeconds: 60,
    });
  });

  test('gives a new refresh token, and the old token works no more', async () => {
    const { made, signIn, refresh } = world;
    const original = await signIn(made.Once);
    const next = (await refresh(made.Once, original))?.RefreshToken;
    expect(next).toBeDefined();
    expect(next).not.toBe(original);
    expect(await outcome(refresh(made.Once, original))).toBe('RefreshTokenReuseException');
    expect((await refresh(made.Once, next))?.AccessToken).toBeDefined();
  });

  test('takes the old token in the grace period, in case the answer was lost', async () => {
    const { made, signIn, refresh } = world;
    const token = await signIn(made.Grace);
    await refresh(made.Grace, token);
    expect((await refresh(made.Grace, token))?.RefreshToken).toBeDefined();
  });

  test('cannot be asked in the way that does not rotate', async () => {
    const { cognito, made, signIn } = world;
    const AuthParameters = { REFRESH_TOKEN: (await signIn(made.Once)) ?? '' };
    const asked = new InitiateAuthCommand({
      ClientId: made.Once,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters,
    });
    expect(await outcome(cognito.send(asked))).toBe('InvalidParameterException');
  });

  test('is no matter of other clients', async () => {
    const { made, signIn, refresh } = world;
    const token = await signIn(made.Plain);
    expect((await refresh(made.Plain, token))?.RefreshToken).toBeUndefined();
    expect((await refresh(made.Plain, token))?.AccessToken).toBeDefined();
  });
});
