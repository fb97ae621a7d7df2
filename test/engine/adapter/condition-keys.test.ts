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
  CreateFunctionUrlConfigCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  InvokeCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
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
  (
    await iam.send(
      new CreatePolicyCommand({ PolicyName: name, PolicyDocument: policy(allow('s3:*')) }),
    )
  ).Policy?.Arn ?? '';

describe('iam:PolicyARN', () => {
  test('lets a role attach and detach the named policy and no other', async () => {
    const [good, other] = [await managed('good'), await managed('other')];
    await makeRole(engine, 'target', []);
    const only = { ArnEquals: { 'iam:PolicyARN': good } };
    const keys = await roleKeys(engine, 'attacher', [
      allow('iam:AttachRolePolicy', '*', only),
      allow('iam:DetachRolePolicy', '*', only),
    ]);
    const asRole = new IAMClient(engine.client(keys));

    expect(
      await outcome(
        asRole.send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: good })),
      ),
    ).toBe('ok');
    expect(
      await outcome(
        asRole.send(new DetachRolePolicyCommand({ RoleName: 'target', PolicyArn: good })),
      ),
    ).toBe('ok');
    expect(
      await outcome(
        asRole.send(new AttachRolePolicyCommand({ RoleName: 'target', PolicyArn: other })),
      ),
    ).toBe('AccessDenied');
  });
});

describe('iam:PermissionsBoundary', () => {
  test('is the boundary in CreateRole, and the boundary of a role that exists', async () => {
    const boundary = await managed('boundary');
    const condition = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
    const keys = await roleKeys(engine, 'creator', [
      allow('iam:CreateRole', '*', condition),
      allow('iam:PutRolePolicy', '*', condition),
    ]);
    const asRole = new IAMClient(engine.client(keys));
    const role = { AssumeRolePolicyDocument: policy(allow('sts:AssumeRole')) };
    const inline = { PolicyName: 'p', PolicyDocument: policy(allow('s3:*')) };

    expect(await outcome(asRole.send(new CreateRoleCommand({ RoleName: 'free', ...role })))).toBe(
      'AccessDenied',
    );
    expect(
      await outcome(
        asRole.send(
          new CreateRoleCommand({ RoleName: 'bounded', ...role, PermissionsBoundary: boundary }),
        ),
      ),
    ).toBe('ok');
    expect(
      await outcome(asRole.send(new PutRolePolicyCommand({ RoleName: 'bounded', ...inline }))),
    ).toBe('ok');
    expect(
      await outcome(asRole.send(new PutRolePolicyCommand({ RoleName: 'target', ...inline }))),
    ).toBe('AccessDenied');
  });
});

describe('aws:PrincipalArn', () => {
  test('is the ARN of the role with its path', async () => {
    const exact = { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/team/reader` } };
    const keys = await roleKeys(engine, 'reader', [allow('sqs:ListQueues', '*', exact)], {
      path: '/team/',
    });

    expect(await outcome(new SQSClient(engine.client(keys)).send(new ListQueuesCommand({})))).toBe(
      'ok',
    );
  });
});

describe('lambda:SourceFunctionArn', () => {
  test('stops the named function and not its neighbour on the same role', async () => {
    const deny = {
      Effect: 'Deny' as const,
      Action: 'sqs:*',
      Resource: '*',
      Condition: {
        ArnLike: {
          'lambda:SourceFunctionArn': `arn:aws:lambda:us-east-1:${account}:function:culprit`,
        },
      },
    };
    const role = await makeRole(engine, 'shared', [allow('sqs:*'), deny]);
    const code = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { SQSClient, ListQueuesCommand } = require('@aws-sdk/client-sqs');
const list = () => new SQSClient({}).send(new ListQueuesCommand({}));
export const handler = () => list().then(() => 'ok', (error) => error.name);`;
    const lambda = new LambdaClient(engine.client());
    const answerOf = async (name: string) => {
      await makeFunction(engine, name, code, role);
      return (
        await lambda.send(new InvokeCommand({ FunctionName: name }))
      ).Payload?.transformToString();
    };

    expect([await answerOf('culprit'), await answerOf('neighbour')]).toEqual([
      '"AccessDenied"',
      '"ok"',
    ]);
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
    const scoped = {
      ArnEquals: { 'lambda:FunctionArn': `arn:aws:lambda:us-east-1:${account}:function:ours` },
    };
    const asRole = new LambdaClient(
      engine.client(
        await roleKeys(engine, 'pauser', [allow('lambda:UpdateEventSourceMapping', '*', scoped)]),
      ),
    );

    expect(
      await outcome(
        asRole.send(new UpdateEventSourceMappingCommand({ UUID: ours, Enabled: false })),
      ),
    ).toBe('ok');
    expect(
      await outcome(
        asRole.send(new UpdateEventSourceMappingCommand({ UUID: theirs, Enabled: false })),
      ),
    ).toBe('AccessDeniedException');
  });

  test('comes with the action that AWS names: a limit may be put and not deleted', async () => {
    const asRole = new LambdaClient(
      engine.client(await roleKeys(engine, 'putter', [allow('lambda:PutFunctionConcurrency')])),
    );

    expect(
      await outcome(asRole.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'ours' }))),
    ).toBe('AccessDeniedException');
  });
});

// Amazon S3 User Guide, "Enforce conditional writes on Amazon S3 buckets": the key is the value of
// the header If-None-Match. A copy cannot have this header and is refused.
describe('s3:if-none-match', () => {
  const unconditional = { Null: { 's3:if-none-match': 'true' } };
  const attempts = async (s3: S3Client, Bucket: string) => ({
    plain: await outcome(s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x' }))),
    conditional: await outcome(
      s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'x', IfNoneMatch: '*' })),
    ),
    again: await outcome(
      s3.send(new PutObjectCommand({ Bucket, Key: 'new', Body: 'y', IfNoneMatch: '*' })),
    ),
    copied: await outcome(
      s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/there` })),
    ),
  });
  const only = {
    plain: 'AccessDenied',
    conditional: 'ok',
    again: 'PreconditionFailed',
    copied: 'AccessDenied',
  };
  const withObject = async (Bucket: string): Promise<S3Client> => {
    const root = new S3Client(engine.client());
    await root.send(new CreateBucketCommand({ Bucket }));
    await root.send(new PutObjectCommand({ Bucket, Key: 'there', Body: 'x' }));
    return root;
  };

  test('lets a bucket’s policy refuse every write that might overwrite something', async () => {
    const root = await withObject('create-only');
    const deny = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::create-only/*',
      Condition: unconditional,
    };
    await root.send(new PutBucketPolicyCommand({ Bucket: 'create-only', Policy: policy(deny) }));
    const keys = await roleKeys(engine, 'writer', [allow('s3:*')]);

    expect(await attempts(new S3Client(engine.client(keys)), 'create-only')).toEqual(only);
  });

  test('is there for the policy of a role, too, with its value', async () => {
    await withObject('by-role');
    const allowed = [
      allow('s3:GetObject'),
      allow('s3:PutObject', '*', { StringEquals: { 's3:if-none-match': '*' } }),
    ];
    const keys = await roleKeys(engine, 'conditional-writer', allowed);

    expect(await attempts(new S3Client(engine.client(keys)), 'by-role')).toEqual(only);
  });
});

// Service Authorization Reference, AWS Lambda: the key is the authorization type that the request
// names. A request without a type has no such key.
test('lambda:FunctionUrlAuthType: a role may close a URL, not open it or omit a type', async () => {
  const role = await makeRole(engine, 'with-url', []);
  await makeFunction(engine, 'with-url', 'export const handler = async () => 1;', role);
  const root = new LambdaClient(engine.client());
  const FunctionName = 'with-url';
  await root.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }));
  const closed = { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } };
  const may = [
    allow('lambda:UpdateFunctionUrlConfig', '*', closed),
    allow('lambda:CreateFunctionUrlConfig', '*', closed),
  ];
  const lambda = new LambdaClient(engine.client(await roleKeys(engine, 'closer', may)));
  const update = (change: {
    readonly AuthType?: 'NONE' | 'AWS_IAM';
    readonly InvokeMode?: 'BUFFERED';
  }) => outcome(lambda.send(new UpdateFunctionUrlConfigCommand({ FunctionName, ...change })));

  expect(await update({ AuthType: 'AWS_IAM' })).toBe('ok');
  expect((await root.send(new GetFunctionUrlConfigCommand({ FunctionName }))).AuthType).toBe(
    'AWS_IAM',
  );
  expect(await update({ AuthType: 'NONE' })).toBe('AccessDeniedException');
  expect(await update({ InvokeMode: 'BUFFERED' })).toBe('AccessDeniedException');
  await root.send(new DeleteFunctionUrlConfigCommand({ FunctionName }));
  const create = (AuthType: 'NONE' | 'AWS_IAM') =>
    outcome(lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType })));
  expect([await create('NONE'), await create('AWS_IAM')]).toEqual(['AccessDeniedException', 'ok']);
});
