// What a responder that was taken over could try: each with the request that IAM would judge. No
// judgement here.
import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import {
  DeleteFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SFNClient } from '@aws-sdk/client-sfn';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import type { Request } from '../../support/engine/evaluator.ts';

export interface Clients {
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly kms: KMSClient;
  readonly states: SFNClient;
  readonly events: EventBridgeClient;
}

export interface Attempt extends Request {
  readonly words: string;
  readonly send: (as: Clients) => Promise<unknown>;
}

export const policyArn = (name: string, { account = ACCOUNT, path = '/cordon/' } = {}): string =>
  `arn:aws:iam::${account}:policy${path}${name}`;
export const roleArn = (role: string): string => `arn:aws:iam::${ACCOUNT}:role/${role}`;
export const functionArn = (name: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
export const userArn = (user: string): string => `arn:aws:iam::${ACCOUNT}:user/${user}`;
const nameOf = (role: string): string => role.split('/').at(-1) ?? '';

const aboutPolicy = (what: string, action: string, policy: string, role: string) => ({
  words: `${what} ${policy.split('::')[1]} ${what === 'attach' ? 'to' : 'from'} ${role}`,
  action,
  resource: roleArn(role),
  context: { 'iam:PolicyARN': policy },
});

/** No keys at all is the absence of the context key, not an empty list. */
const keysIn = (keys: readonly string[]) => (keys.length > 0 ? { 'aws:TagKeys': keys } : {});

/** Roles are given with their path: `cordon/CordonReaderRole`. */
export const attach = (policy: string, role = 'bystander-role'): Attempt => ({
  ...aboutPolicy('attach', 'iam:AttachRolePolicy', policy, role),
  send: ({ iam }) =>
    iam.send(new AttachRolePolicyCommand({ RoleName: nameOf(role), PolicyArn: policy })),
});

export const detach = (policy: string, role = 'bystander-role'): Attempt => ({
  ...aboutPolicy('detach', 'iam:DetachRolePolicy', policy, role),
  send: ({ iam }) =>
    iam.send(new DetachRolePolicyCommand({ RoleName: nameOf(role), PolicyArn: policy })),
});

/** Users are given with their path, like roles. */
export const attachToUser = (policy: string, user = 'somebody'): Attempt => ({
  words: `attach ${policy.split('::')[1]} to user ${user}`,
  action: 'iam:AttachUserPolicy',
  resource: userArn(user),
  context: { 'iam:PolicyARN': policy },
  send: ({ iam }) =>
    iam.send(new AttachUserPolicyCommand({ UserName: nameOf(user), PolicyArn: policy })),
});

export const detachFromUser = (policy: string, user = 'somebody'): Attempt => ({
  words: `detach ${policy.split('::')[1]} from user ${user}`,
  action: 'iam:DetachUserPolicy',
  resource: userArn(user),
  context: { 'iam:PolicyARN': policy },
  send: ({ iam }) =>
    iam.send(new DetachUserPolicyCommand({ UserName: nameOf(user), PolicyArn: policy })),
});

export const setKey = (id: string, Status: 'Active' | 'Inactive', user = 'somebody'): Attempt => ({
  words: `set a key of user ${user} to ${Status}`,
  action: 'iam:UpdateAccessKey',
  resource: userArn(user),
  send: ({ iam }) =>
    iam.send(new UpdateAccessKeyCommand({ UserName: nameOf(user), AccessKeyId: id, Status })),
});

export const tag = (keys: readonly string[], role = 'bystander-role'): Attempt => ({
  words: `tag ${role} with ${keys.join(' and ') || 'nothing'}`,
  action: 'iam:TagRole',
  resource: roleArn(role),
  context: {
    ...keysIn(keys),
    ...Object.fromEntries(keys.map((key) => [`aws:RequestTag/${key}`, 'x'])),
  },
  send: ({ iam }) =>
    iam.send(
      new TagRoleCommand({
        RoleName: nameOf(role),
        Tags: keys.map((Key) => ({ Key, Value: 'x' })),
      }),
    ),
});

export const untag = (keys: readonly string[], role = 'bystander-role'): Attempt => ({
  words: `untag ${role} of ${keys.join(' and ') || 'nothing'}`,
  action: 'iam:UntagRole',
  resource: roleArn(role),
  context: keysIn(keys),
  send: ({ iam }) => iam.send(new UntagRoleCommand({ RoleName: nameOf(role), TagKeys: [...keys] })),
});

export const reserve = (name: string, executions = 0): Attempt => ({
  words: `reserve ${executions} executions for ${name}`,
  action: 'lambda:PutFunctionConcurrency',
  resource: functionArn(name),
  send: ({ lambda }) =>
    lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: name,
        ReservedConcurrentExecutions: executions,
      }),
    ),
});

export const unreserve = (name: string): Attempt => ({
  words: `drop the reservation of ${name}`,
  action: 'lambda:DeleteFunctionConcurrency',
  resource: functionArn(name),
  send: ({ lambda }) => lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name })),
});

export const setUrl = (name: string, AuthType: 'NONE' | 'AWS_IAM', alias?: string): Attempt => ({
  words: `set the URL of ${alias ? `${name}:${alias}` : name} to ${AuthType}`,
  action: 'lambda:UpdateFunctionUrlConfig',
  resource: functionArn(alias ? `${name}:${alias}` : name),
  context: { 'lambda:FunctionUrlAuthType': AuthType },
  send: ({ lambda }) =>
    lambda.send(
      new UpdateFunctionUrlConfigCommand({
        FunctionName: name,
        AuthType,
        ...(alias && { Qualifier: alias }),
      }),
    ),
});

/** An event source of a function; `to` points it at another one. */
export const source = (
  uuid: string,
  owner: string,
  change: { Enabled: boolean } | { FunctionName: string },
): Attempt => ({
  words: [
    'Enabled' in change ? 'pause' : `point at ${change.FunctionName}`,
    `an event source of ${owner}`,
  ].join(' '),
  action: 'lambda:UpdateEventSourceMapping',
  resource: `arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:${uuid}`,
  context: { 'lambda:FunctionArn': functionArn(owner) },
  send: ({ lambda }) => lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, ...change })),
});

export const forget = (table: string): Attempt => ({
  words: 'delete an incident from the case table',
  action: 'dynamodb:DeleteItem',
  resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${table}`,
  send: ({ dynamodb }) =>
    dynamodb.send(
      new DeleteItemCommand({ TableName: table, Key: { pk: { S: 'INC#x' }, sk: { S: 'HEAD' } } }),
    ),
});
