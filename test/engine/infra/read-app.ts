import {
  CognitoIdentityProviderClient,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetGroupCommand,
  GetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Reader } from './readers.ts';

export const readUserPool: Reader = async (client, UserPoolId) => {
  const cognito = new CognitoIdentityProviderClient(client);
  const { UserPool } = await cognito.send(new DescribeUserPoolCommand({ UserPoolId }));
  const { SoftwareTokenMfaConfiguration } = await cognito.send(
    new GetUserPoolMfaConfigCommand({ UserPoolId }),
  );
  return {
    ...UserPool,
    Schema: UserPool?.SchemaAttributes?.filter(
      ({ Name, Required }) => Required && Name !== 'sub',
    ).map(({ Name, Mutable, Required }) => ({
      Name,
      Mutable,
      Required,
    })),
    EnabledMfas: SoftwareTokenMfaConfiguration?.Enabled ? ['SOFTWARE_TOKEN_MFA'] : [],
    UserPoolTags: Object.fromEntries(
      Object.entries(UserPool?.UserPoolTags ?? {}).filter(([name]) => !name.startsWith('aws:')),
    ),
  };
};

export const readUserPoolClient: Reader = async (client, ClientId, { UserPoolId }) => {
  const cognito = new CognitoIdentityProviderClient(client);
  const { UserPoolClient } = await cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId: String(UserPoolId), ClientId }),
  );
  return { ...UserPoolClient, GenerateSecret: UserPoolClient?.ClientSecret !== undefined };
};

export const readUserPoolGroup: Reader = async (client, _id, { UserPoolId, GroupName }) => {
  const cognito = new CognitoIdentityProviderClient(client);
  const { Group } = await cognito.send(
    new GetGroupCommand({ UserPoolId: String(UserPoolId), GroupName: String(GroupName) }),
  );
  return { ...Group };
};

export const readSecret: Reader = async (client, SecretId) => {
  const { Description, KmsKeyId, Tags } = await new SecretsManagerClient(client).send(
    new DescribeSecretCommand({ SecretId }),
  );
  return { Description, KmsKeyId, Tags };
};

export const readSchedule: Reader = async (client, Name) => {
  const { Description, ScheduleExpression, FlexibleTimeWindow, Target } = await new SchedulerClient(
    client,
  ).send(new GetScheduleCommand({ Name }));
  return { Description, ScheduleExpression, FlexibleTimeWindow, Target };
};
