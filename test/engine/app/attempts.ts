// One call for everything that some function of the application may do, and for what none may.
import {
  CognitoIdentityProviderClient,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Credentials } from '../../../operator/sdk-config.ts';
import { type AppTable, type AppTableName, appTables } from '../../../protected-app/tables.ts';
import type { DeployedApp } from './deployed.ts';

export type Attempt = (keys: Credentials) => Promise<unknown>;
type Attempts = Readonly<Record<string, Attempt>>;

const outputOf = (name: AppTableName): string =>
  `${name.charAt(0).toUpperCase()}${name.slice(1)}TableName`;

/**
 * Reads and writes of an item that is not there: a write asks for one that is, so that nothing
 * changes.
 */
const onTable = (app: DeployedApp, name: AppTableName, { key, indexes }: AppTable): Attempts => {
  const TableName = app.output(outputOf(name));
  const Key = Object.fromEntries(key.map((attribute) => [attribute ?? '', { S: 'nothing' }]));
  const [partition] = key;
  const never = {
    ConditionExpression: 'attribute_exists(#nothing)',
    ExpressionAttributeNames: { '#nothing': 'nothing' },
  };
  const query = (attribute: string, IndexName?: string) =>
    new QueryCommand({
      TableName,
      ...(IndexName && { IndexName }),
      KeyConditionExpression: '#key = :key',
      ExpressionAttributeNames: { '#key': attribute },
      ExpressionAttributeValues: { ':key': { S: 'nothing' } },
    });
  const send =
    (make: (client: DynamoDBClient) => Promise<unknown>): Attempt =>
    (keys) =>
      make(new DynamoDBClient(clientConfig(app, keys))).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
  const on = (command: string, resource = `dynamodb:\${${name}}`): string =>
    `${command} ${resource}`;
  return {
    [on('GetItem')]: send((client) => client.send(new GetItemCommand({ TableName, Key }))),
    [on('BatchGetItem')]: send((client) =>
      client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } })),
    ),
    [on('Query')]: send((client) => client.send(query(partition))),
    [on('Scan')]: send((client) => client.send(new ScanCommand({ TableName, Limit: 1 }))),
    [on('PutItem')]: send((client) =>
      client.send(new PutItemCommand({ TableName, Item: Key, ...never })),
    ),
    [on('UpdateItem')]: send((client) =>
      client.send(new UpdateItemCommand({ TableName, Key, ...never })),
    ),
    [on('DeleteItem')]: send((client) =>
      client.send(new DeleteItemCommand({ TableName, Key, ...never })),
    ),
    ...Object.fromEntries(
      Object.entries(indexes).map(([index, [attribute]]) => [
        `Query dynamodb:\${${name}}/index/* (${index})`,
        send((client) => client.send(query(attribute, index))),
      ]),
    ),
  };
};

const onQueue = (
  app: DeployedApp,
  name: 'questionQueue' | 'pushQueue',
  QueueUrl: string,
): Attempts => {
  const sqs = (keys: Credentials) => new SQSClient(clientConfig(app, keys));
  return {
    [`SendMessage sqs:\${${name}}`]: (keys) =>
      sqs(keys).send(new SendMessageCommand({ QueueUrl, MessageBody: 'nothing' })),
    [`ReceiveMessage sqs:\${${name}}`]: (keys) =>
      sqs(keys).send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 })),
    [`GetQueueAttributes sqs:\${${name}}`]: (keys) =>
      sqs(keys).send(new GetQueueAttributesCommand({ QueueUrl })),
    [`PurgeQueue sqs:\${${name}}`]: (keys) => sqs(keys).send(new PurgeQueueCommand({ QueueUrl })),
  };
};

const onSecret = (
  app: DeployedApp,
  name: 'openaiSecret' | 'salesforceSecret',
  SecretId: string,
): Attempts => {
  const secrets = (keys: Credentials) => new SecretsManagerClient(clientConfig(app, keys));
  return {
    [`GetSecretValue secretsmanager:\${${name}}`]: (keys) =>
      secrets(keys).send(new GetSecretValueCommand({ SecretId })),
    [`PutSecretValue secretsmanager:\${${name}}`]: (keys) =>
      secrets(keys).send(new PutSecretValueCommand({ SecretId, SecretString: '{}' })),
  };
};

/** What would make an application the way to more: none of its functions may. */
const climbs = (app: DeployedApp, roleName: string, roleArn: string): Attempts => ({
  'iam:PutRolePolicy on its own role': (keys) =>
    new IAMClient(clientConfig(app, keys)).send(
      new PutRolePolicyCommand({
        RoleName: roleName,
        PolicyName: 'more',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
        }),
      }),
    ),
  'sts:AssumeRole of its own role': (keys) =>
    new STSClient(clientConfig(app, keys)).send(
      new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'longer' }),
    ),
  'lambda:InvokeFunction of another function': (keys) =>
    new LambdaClient(clientConfig(app, keys)).send(
      new InvokeCommand({ FunctionName: 'RemoveProduct', InvocationType: 'DryRun' }),
    ),
  'cognito-idp:ListUsers': (keys) =>
    new CognitoIdentityProviderClient(clientConfig(app, keys)).send(
      new ListUsersCommand({ UserPoolId: app.output('UserPoolId') }),
    ),
  's3:PutObject into the pages': (keys) =>
    new S3Client(clientConfig(app, keys)).send(
      new PutObjectCommand({
        Bucket: app.output('PagesBucketName'),
        Key: 'index.html',
        Body: 'not ours',
      }),
    ),
});

/**
 * By `command service:${placeholder}`, as functions.ts writes grants; those that no grant can name
 * are sentences.
 */
export const attempts = (
  app: DeployedApp,
  role: { readonly name: string; readonly arn: string },
): Attempts => ({
  ...Object.assign(
    {},
    ...Object.entries<AppTable>(appTables).map(([name, table]) =>
      onTable(app, tableName(name), table),
    ),
  ),
  ...onQueue(app, 'questionQueue', app.output('QuestionQueueUrl')),
  ...onQueue(app, 'pushQueue', app.output('PushQueueUrl')),
  ...onSecret(app, 'openaiSecret', app.output('OpenAiSecretId')),
  ...onSecret(app, 'salesforceSecret', app.output('SalesforceSecretId')),
  ...climbs(app, role.name, role.arn),
});

const tableName = (name: string): AppTableName => {
  const known: readonly AppTableName[] = [
    'products',
    'customers',
    'queries',
    'budgets',
    'syncRuns',
    'idempotency',
  ];
  const found = known.find((one) => one === name);
  if (!found) throw new Error(`${name} is no table`);
  return found;
};
