import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  DetachRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  InvokeCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, startEngine } from './engine.ts';
import { account, allow, makeFunction, makeRole, outcome, policy, roleKeys } from './world.ts';

let engine: Engine;
let iam: IAMClient;
beforeAll(async () => {
  engine = await startEngine();
  iam = new IAMClient(engine.client());
});
afterAll(() => engine.stop());

const managed = async (name: string): Promise<string> =>
  (await iam.send(new CreatePolicyCommand({ PolicyName: name, PolicyDocument: policy(allow('s3:*')) }))).Policy?.Arn ?? '';

describe('iam:PolicyARN', () => {
  test('lets a role attach and detach the named policy and no other', async () => {
    const [good, other] = [await managed('good'), await managed('other')];
    await makeRole(engine, 'target', []);
    const only = { ArnEquals: { 'iam:PolicyARN': good } };
    const keys = await roleKeys(engine, 'attacher', [allow('iam:AttachRolePolicy', '*', only), allow('iam:DetachRolePolicy', '*', only)]);
    const asRole = new IAMClient(engine.client(keys));

    expect(await outcome(asRole.send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: good })))).toBe('ok');
    expect(await outcome(asRole.send(new DetachRolePolicyCommand({ RoleName: 'target', PolicyArn: good })))).toBe('ok');
    expect(await outcome(asRole.send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: other })))).toBe('AccessDenied');
  });
});

describe('iam:PermissionsBoundary', () => {
  test('demands the boundary in CreateRole, and knows the boundary of a role that exists', async () => {
    const boundary = await managed('boundary');
    const condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    const keys = await roleKeys(engine, 'creator', [allow('iam:CreateRole', '*', condition), allow('iam:PutRolePolicy', '*', condition)]);
    const asRole = new IAMClient(engine.client(keys));
    const role = { AssumeRolePolicyDocument: policy(allow('sts:AssumeRole')) };
    const inline = { PolicyName: 'p', PolicyDocument: policy(allow('s3:*')) };

    expect(await outcome(asRole.send(new CreateRoleCommand({ RoleName: 'free', ...role })))).toBe('AccessDenied');
    expect(await outcome(asRole.send(new CreateRoleCommand({ RoleName: 'bounded', ...role, PermissionsBoundary: boundary })))).toBe('ok');
    expect(await outcome(asRole.send(new PutRolePolicyCommand({ RoleName: 'bounded', ...inline })))).toBe('ok');
    expect(await outcome(asRole.send(new PutRolePolicyCommand({ RoleName: 'target', ...inline })))).toBe('AccessDenied');
  });
});

describe('aws:PrincipalArn', () => {
  test('is the ARN of the role with its path', async () => {
    const exact = { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/team/reader` } };
    const keys = await roleKeys(engine, 'reader', [allow('sqs:ListQueues', '*', exact)], { path: '/team/' });

    expect(await outcome(new SQSClient(engine.client(keys)).send(new ListQueuesCommand({})))).toBe('ok');
  });
});

describe('lambda:SourceFunctionArn', () => {
  test('stops the named function and not its neighbour on the same role', async () => {
    const deny = {
      Effect: 'Deny' as const,
      Action: 'sqs:*',
      Resource: '*',
      Condition: { ArnLike: { 'lambda:SourceFunctionArn': `arn:aws:lambda:us-east-1:${account}:function:culprit` } },
    };
    const role = await makeRole(engine, 'shared', [allow('sqs:*'), deny]);
    const code = `
import { createRequire } from 'node:module';
const { SQSClient, ListQueuesCommand } = createRequire('${import.meta.filename}')('@aws-sdk/client-sqs');
export const handler = async () => new SQSClient({}).send(new ListQueuesCommand({})).then(() => 'ok', (error) => error.name);`;
    const lambda = new LambdaClient(engine.client());
    const said = async (name: string) => {
      await makeFunction(engine, name, code, role);
      return (await lambda.send(new InvokeCommand({ FunctionName: name }))).Payload?.transformToString();
    };

    expect([await said('culprit'), await said('neighbour')]).toEqual(['"AccessDenied"', '"ok"']);
  });
});

describe('lambda:FunctionArn', () => {
  test('scopes the change of an event source mapping to its function', async () => {
    const role = await makeRole(engine, 'consumer', [allow('sqs:*')]);
    const lambda = new LambdaClient(engine.client());
    const sqs = new SQSClient(engine.client());
    const mapping = async (name: string) => {
      await makeFunction(engine, name, 'export const handler = async () => 1;', role);
      await sqs.send(new CreateQueueCommand({ QueueName: name }));
      const made = await lambda.send(
        new CreateEventSourceMappingCommand({
          FunctionName: name,
          EventSourceArn: `arn:aws:sqs:us-east-1:${account}:${name}`,
          Enabled: false,
        }),
      );
      return made.UUID;
    };
    const [ours, theirs] = [await mapping('ours'), await mapping('theirs')];
    const scoped = { ArnEquals: { 'lambda:FunctionArn': `arn:aws:lambda:us-east-1:${account}:function:ours` } };
    const asRole = new LambdaClient(
      engine.client(await roleKeys(engine, 'pauser', [allow('lambda:UpdateEventSourceMapping', '*', scoped)])),
    );

    expect(await outcome(asRole.send(new UpdateEventSourceMappingCommand({ UUID: ours, Enabled: false })))).toBe('ok');
    expect(await outcome(asRole.send(new UpdateEventSourceMappingCommand({ UUID: theirs, Enabled: false })))).toBe('AccessDeniedException');
  });

  test('comes with the action that AWS names: deleting a concurrency limit is not putting one', async () => {
    const asRole = new LambdaClient(engine.client(await roleKeys(engine, 'putter', [allow('lambda:PutFunctionConcurrency')])));

    expect(await outcome(asRole.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'ours' })))).toBe('AccessDeniedException');
  });
});

test('the stock engine still denies the right policy under iam:PolicyARN', async () => {
  const stock = await startEngine({ skip: 'condition_keys,lambda_actions' });
  try {
    const arn = `arn:aws:iam::aws:policy/ReadOnlyAccess`;
    await makeRole(stock, 'target', []);
    const keys = await roleKeys(stock, 'attacher', [allow('iam:AttachRolePolicy', '*', { ArnEquals: { 'iam:PolicyARN': arn } })]);
    const call = new IAMClient(stock.client(keys)).send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: arn }));
    expect(await outcome(call)).toBe('AccessDenied');
  } finally {
    await stock.stop();
  }
});
