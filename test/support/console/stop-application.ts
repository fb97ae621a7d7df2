import {
  CognitoIdentityProviderClient,
  DeleteUserPoolCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Deployed } from '../engine/deployed.ts';

/** Stops what the console must not depend on: functions of the application, and all its users. */
export const stopApplication = async (cordon: Deployed): Promise<void> => {
  const lambda = new LambdaClient(clientConfig(cordon));
  for (const name of ['ProductService', 'AdminAuthorizer'])
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }),
    );
  const cognito = new CognitoIdentityProviderClient(clientConfig(cordon));
  const { UserPoolId = '' } = cordon.outputs.CordonProtectedApp ?? {};
  if (UserPoolId === '') throw new Error('the application has no user pool');
  await cognito.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection: 'INACTIVE' }));
  await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));
};
