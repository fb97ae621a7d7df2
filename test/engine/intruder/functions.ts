// What the intruder tries with a function of Cordon. No judgement here.
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteResourcePolicyCommand,
  InvokeCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutResourcePolicyCommand,
  RemovePermissionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { zipOf } from '../../../local/engine/zip.ts';
import { functionArn } from '../weapon/attempts.ts';
import type { Clients } from './clients.ts';
import type { Attempt } from './intruder.ts';

const open = (arn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: arn },
    ],
  });
const foreignCode = zipOf([
  { name: 'index.mjs', data: Buffer.from('export const handler = async () => ({});') },
]);

/** An attempt with one function: the IAM action is that of the command unless it is said. */
const on = (
  FunctionName: string,
  words: string,
  action: string,
  send: (as: Clients['lambda']) => Promise<unknown>,
  qualifier = '',
): Attempt => ({
  words: `${words} ${FunctionName}`,
  action: `lambda:${action}`,
  resource: `${functionArn(FunctionName)}${qualifier}`,
  send: ({ lambda }) => send(lambda),
});

/** By every address that a function has, at once and later. */
export const invocations = (FunctionName: string, input: unknown = {}): readonly Attempt[] => {
  const Payload = JSON.stringify(input);
  const invoke = (words: string, more: { Qualifier?: string; InvocationType?: 'Event' }) =>
    on(
      FunctionName,
      words,
      'InvokeFunction',
      (lambda) => lambda.send(new InvokeCommand({ FunctionName, Payload, ...more })),
      more.Qualifier === undefined ? '' : `:${more.Qualifier}`,
    );
  return [
    invoke('invoke', {}),
    invoke('invoke later', { InvocationType: 'Event' }),
    invoke('invoke the latest version of', { Qualifier: '$LATEST' }),
  ];
};

/** Everything that would make the function another one, stop it, or let others call it. */
export const changes = (FunctionName: string): readonly Attempt[] => {
  const ResourceArn = functionArn(FunctionName);
  const Environment = { Variables: { CORDON_SETTINGS: '{"dryRun":true}' } };
  return [
    on(FunctionName, 'put other code into', 'UpdateFunctionCode', (lambda) =>
      lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: foreignCode })),
    ),
    on(FunctionName, 'set dryRun for', 'UpdateFunctionConfiguration', (lambda) =>
      lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment })),
    ),
    on(FunctionName, 'take all concurrency from', 'PutFunctionConcurrency', (lambda) =>
      lambda.send(
        new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
      ),
    ),
    on(FunctionName, 'drop the reservation of', 'DeleteFunctionConcurrency', (lambda) =>
      lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName })),
    ),
    on(FunctionName, 'delete the policy of', 'DeleteResourcePolicy', (lambda) =>
      lambda.send(new DeleteResourcePolicyCommand({ ResourceArn })),
    ),
    on(FunctionName, 'replace the policy of', 'PutResourcePolicy', (lambda) =>
      lambda.send(new PutResourcePolicyCommand({ ResourceArn, Policy: open(ResourceArn) })),
    ),
    on(FunctionName, 'let everybody call', 'AddPermission', (lambda) =>
      lambda.send(
        new AddPermissionCommand({
          FunctionName,
          StatementId: 'everybody',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
        }),
      ),
    ),
    on(FunctionName, 'take the denial of calls from', 'RemovePermission', (lambda) =>
      lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: 'OnlyItsCallersCall' })),
    ),
    on(FunctionName, 'make a version of', 'PublishVersion', (lambda) =>
      lambda.send(new PublishVersionCommand({ FunctionName })),
    ),
    on(FunctionName, 'make an alias of', 'CreateAlias', (lambda) =>
      lambda.send(new CreateAliasCommand({ FunctionName, Name: 'x', FunctionVersion: '$LATEST' })),
    ),
    on(FunctionName, 'open a URL for', 'CreateFunctionUrlConfig', (lambda) =>
      lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' })),
    ),
    on(FunctionName, 'set retries of', 'PutFunctionEventInvokeConfig', (lambda) =>
      lambda.send(
        new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 0 }),
      ),
    ),
    on(FunctionName, 'delete', 'DeleteFunction', (lambda) =>
      lambda.send(new DeleteFunctionCommand({ FunctionName })),
    ),
  ];
};
