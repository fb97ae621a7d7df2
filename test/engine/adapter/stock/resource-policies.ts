// Differences in what the policy of a resource decides.
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutResourcePolicyCommand as PutTablePolicyCommand,
} from '@aws-sdk/client-dynamodb';
import {
  InvokeCommand,
  LambdaClient,
  PutResourcePolicyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { account, allow, makeFunction, makeRole, outcome, policy, roleKeys } from '../world.ts';
import type { Difference } from './difference.ts';

const deny = (Action: string, Resource: string | readonly string[], Condition?: object) => ({
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource,
  ...(Condition && { Condition }),
});

const functionPolicies: Difference = {
  correction: 'function_policies',
  still: 'knows no resource policy of a function that denies',
  observe: async (engine) => {
    const FunctionName = 'policy-function';
    const code = 'export const handler = async () => 1;';
    const arn = await makeFunction(
      engine,
      FunctionName,
      code,
      await makeRole(engine, FunctionName, []),
    );
    const put = await outcome(
      new LambdaClient(engine.client()).send(
        new PutResourcePolicyCommand({
          ResourceArn: arn,
          Policy: policy(
            deny('lambda:InvokeFunction', [arn, `${arn}:*`]),
            deny('lambda:UpdateFunctionConfiguration', arn),
          ),
        }),
      ),
    );
    const lambda = new LambdaClient(
      engine.client(await roleKeys(engine, 'policy-caller', [allow('lambda:*')])),
    );
    const invoke = (more: { readonly Qualifier?: string }) =>
      outcome(lambda.send(new InvokeCommand({ FunctionName, ...more })));
    const change = { FunctionName, Timeout: 9 };
    return {
      put,
      invoke: await invoke({}),
      qualified: await invoke({ Qualifier: '$LATEST' }),
      change: await outcome(lambda.send(new UpdateFunctionConfigurationCommand(change))),
    };
  },
  stock: { put: 'ResourceNotFoundException', invoke: 'ok', qualified: 'ok', change: 'ok' },
  aws: {
    put: 'ok',
    invoke: 'AccessDeniedException',
    qualified: 'AccessDeniedException',
    change: 'AccessDeniedException',
  },
};

const tablePolicies: Difference = {
  correction: 'table_policies',
  still: 'lets a caller read a table whose resource policy denies it',
  observe: async (engine) => {
    const root = new DynamoDBClient(engine.client());
    const TableName = 'policy-table';
    const { TableDescription } = await root.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    const ResourceArn = TableDescription?.TableArn ?? '';
    const Policy = policy(deny('dynamodb:GetItem', ResourceArn));
    const put = await outcome(root.send(new PutTablePolicyCommand({ ResourceArn, Policy })));
    const caller = new DynamoDBClient(
      engine.client(await roleKeys(engine, 'policy-reader', [allow('dynamodb:*')])),
    );
    const item = { TableName, Key: { pk: { S: 'x' } } };
    return { put, get: await outcome(caller.send(new GetItemCommand(item))) };
  },
  stock: { put: 'ok', get: 'ok' },
  aws: { put: 'ok', get: 'AccessDeniedException' },
};

const servicePrincipals: Difference = {
  correction: 'service_principals',
  still: 'does not know whether the caller is a service of AWS',
  observe: async (engine) => {
    const root = new SQSClient(engine.client());
    const QueueName = 'policy-queue';
    await root.send(new CreateQueueCommand({ QueueName }));
    const { QueueUrl } = await root.send(new GetQueueUrlCommand({ QueueName }));
    const Policy = policy(
      deny('sqs:SendMessage', `arn:aws:sqs:us-east-1:${account}:${QueueName}`, {
        Bool: { 'aws:PrincipalIsAWSService': 'false' },
      }),
    );
    await root.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const caller = new SQSClient(
      engine.client(await roleKeys(engine, 'policy-sender', [allow('sqs:*')])),
    );
    return outcome(caller.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })));
  },
  stock: 'ok',
  aws: 'AccessDenied',
};

export const resourcePolicies: readonly Difference[] = [
  functionPolicies,
  tablePolicies,
  servicePrincipals,
];
