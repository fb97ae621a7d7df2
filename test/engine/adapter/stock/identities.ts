// Differences in who a session and a token say that somebody is.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { allow, deploy, outcome, roleKeys } from '../world.ts';
import type { Difference } from './difference.ts';

const sourceIdentity: Difference = {
  correction: 'source_identity',
  still: 'ignores the source identity, so that a role that demands one cannot be taken',
  observe: async (engine) => {
    const { Role } = await new IAMClient(engine.client()).send(
      new CreateRoleCommand({
        RoleName: 'named-only',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Principal: { AWS: '*' },
            Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
            Condition: { StringLike: { 'sts:SourceIdentity': '*' } },
          },
        }),
      }),
    );
    const take = async (name: string, actions: readonly string[], SourceIdentity?: string) => {
      const keys = await roleKeys(
        engine,
        name,
        actions.map((action) => allow(action)),
      );
      const named = { RoleArn: Role?.Arn, RoleSessionName: 'anna', SourceIdentity };
      return outcome(new STSClient(engine.client(keys)).send(new AssumeRoleCommand(named)));
    };
    const both = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
    return {
      named: await take('source-named', both, 'anna'),
      unnamed: await take('source-unnamed', both),
      mayNotName: await take('source-may-not-name', ['sts:AssumeRole'], 'anna'),
    };
  },
  stock: { named: 'AccessDenied', unnamed: 'AccessDenied', mayNotName: 'AccessDenied' },
  aws: { named: 'ok', unnamed: 'AccessDenied', mayNotName: 'AccessDenied' },
};

const signInTimeIn = (token = ''): number =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).auth_time;

const signInTime: Difference = {
  correction: 'sign_in_time',
  still: 'makes a sign-in new with each refresh of its token',
  observe: async (engine) => {
    const { Pool: UserPoolId, Client: ClientId } = await deploy(
      engine,
      'sign-in-time',
      {
        Pool: { Type: 'AWS::Cognito::UserPool', Properties: { UserPoolName: 'sign-in-time' } },
        Client: {
          Type: 'AWS::Cognito::UserPoolClient',
          Properties: {
            UserPoolId: { Ref: 'Pool' },
            ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
          },
        },
      },
      { Pool: { Value: { Ref: 'Pool' } }, Client: { Value: { Ref: 'Client' } } },
    );
    const cognito = new CognitoIdentityProviderClient(engine.client());
    const user = { UserPoolId, Username: 'somebody' };
    const Password = 'Correct-horse-1';
    await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    const { AuthenticationResult: signedIn } = await cognito.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'somebody', PASSWORD: Password },
      }),
    );
    await sleep(1_100); // the claim counts whole seconds
    const { AuthenticationResult: refreshed } = await cognito.send(
      new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: signedIn?.RefreshToken }),
    );
    const [first, later] = [signedIn, refreshed].map((tokens) => signInTimeIn(tokens?.AccessToken));
    return { isNewlySignedIn: first !== later };
  },
  stock: { isNewlySignedIn: true },
  aws: { isNewlySignedIn: false },
};

export const identities: readonly Difference[] = [sourceIdentity, signInTime];
