// Differences in who may call what.
import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
  TagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  CreateFunctionUrlConfigCommand,
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { account, allow, makeFunction, makeRole, outcome, policy, roleKeys } from '../world.ts';
import type { Difference } from './difference.ts';

const code = 'export const handler = async () => 1;';
const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

const conditionKeys: Difference = {
  correction: 'condition_keys',
  still: 'knows none of the condition keys, and takes the ARN of the session for that of the role',
  observe: async (engine) => {
    const role = await makeRole(engine, 'keys-target', []);
    await makeFunction(engine, 'keys-function', code, role);
    await new S3Client(engine.client()).send(new CreateBucketCommand({ Bucket: 'keys-bucket' }));
    const session = `arn:aws:iam::${account}:role/keys-caller`;
    const config = engine.client(
      await roleKeys(engine, 'keys-caller', [
        allow('iam:AttachRolePolicy', '*', { ArnEquals: { 'iam:PolicyARN': readOnly } }),
        allow('iam:TagRole'),
        allow('s3:PutObject', '*', { StringEquals: { 's3:if-none-match': '*' } }),
        allow('sqs:ListQueues', '*', { ArnEquals: { 'aws:PrincipalArn': session } }),
        allow('lambda:CreateFunctionUrlConfig', '*', {
          StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' },
        }),
      ]),
    );
    const [iam, s3, lambda] = [
      new IAMClient(config),
      new S3Client(config),
      new LambdaClient(config),
    ];
    const object = { Bucket: 'keys-bucket', Key: 'new', Body: 'x', IfNoneMatch: '*' };
    const url = { FunctionName: 'keys-function', AuthType: 'AWS_IAM' } as const;
    const [RoleName, PolicyArn] = ['keys-target', readOnly];
    return {
      withoutKey: await outcome(
        iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: 'a', Value: 'b' }] })),
      ),
      policyArn: await outcome(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))),
      ifNoneMatch: await outcome(s3.send(new PutObjectCommand(object))),
      principalArn: await outcome(new SQSClient(config).send(new ListQueuesCommand({}))),
      urlAuthType: await outcome(lambda.send(new CreateFunctionUrlConfigCommand(url))),
    };
  },
  stock: {
    withoutKey: 'ok',
    policyArn: 'AccessDenied',
    ifNoneMatch: 'AccessDenied',
    principalArn: 'AccessDenied',
    urlAuthType: 'AccessDeniedException',
  },
  aws: {
    withoutKey: 'ok',
    policyArn: 'ok',
    ifNoneMatch: 'ok',
    principalArn: 'ok',
    urlAuthType: 'ok',
  },
};

const policyVariables: Difference = {
  correction: 'policy_variables',
  still: 'takes a policy variable for text',
  observe: async (engine) => {
    const Bucket = 'variables';
    const s3 = new S3Client(engine.client());
    await s3.send(new CreateBucketCommand({ Bucket }));
    for (const Key of ['red/a', 'none/a', 'plain/a'])
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const may = [
      allow('s3:GetObject', "arn:aws:s3:::variables/${aws:PrincipalTag/team, 'none'}/*"),
      allow('s3:GetObject', 'arn:aws:s3:::variables/plain/*'),
    ];
    const tags = [{ Key: 'team', Value: 'red' }];
    const tagged = await roleKeys(engine, 'variables-tagged', may, { tags });
    const untagged = await roleKeys(engine, 'variables-untagged', may);
    const read = (keys: typeof tagged, Key: string) =>
      outcome(new S3Client(engine.client(keys)).send(new GetObjectCommand({ Bucket, Key })));
    return {
      withoutVariable: await read(tagged, 'plain/a'),
      tag: await read(tagged, 'red/a'),
      default: await read(untagged, 'none/a'),
    };
  },
  stock: { withoutVariable: 'ok', tag: 'AccessDenied', default: 'AccessDenied' },
  aws: { withoutVariable: 'ok', tag: 'ok', default: 'ok' },
};

const rolePaths: Difference = {
  correction: 'role_paths',
  still: 'lets a role through a Deny that names its path',
  observe: async (engine) => {
    await makeRole(engine, 'paths-target', [], { path: '/guarded/' });
    const deny = {
      Effect: 'Deny' as const,
      Action: 'iam:*',
      Resource: `arn:aws:iam::${account}:role/guarded/*`,
    };
    const iam = new IAMClient(
      engine.client(await roleKeys(engine, 'paths-caller', [allow('iam:*'), deny])),
    );
    const trust = policy(allow('sts:AssumeRole'));
    const role = { RoleName: 'paths-made', Path: '/guarded/', AssumeRolePolicyDocument: trust };
    return {
      get: await outcome(iam.send(new GetRoleCommand({ RoleName: 'paths-target' }))),
      create: await outcome(iam.send(new CreateRoleCommand(role))),
    };
  },
  stock: { get: 'ok', create: 'ok' },
  aws: { get: 'AccessDenied', create: 'AccessDenied' },
};

const passRole: Difference = {
  correction: 'pass_role',
  still: 'lets a caller without iam:PassRole give any role to a function',
  observe: async (engine) => {
    const Role = await makeRole(engine, 'pass-admin', [allow('*')]);
    await makeFunction(engine, 'pass-function', code, await makeRole(engine, 'pass-plain', []));
    const lambda = new LambdaClient(
      engine.client(await roleKeys(engine, 'pass-caller', [allow('lambda:*')])),
    );
    const change = (more: { readonly Role?: string; readonly Timeout?: number }) =>
      outcome(
        lambda.send(
          new UpdateFunctionConfigurationCommand({ FunctionName: 'pass-function', ...more }),
        ),
      );
    return { timeout: await change({ Timeout: 5 }), role: await change({ Role }) };
  },
  stock: { timeout: 'ok', role: 'ok' },
  aws: { timeout: 'ok', role: 'AccessDeniedException' },
};

const lambdaActions: Difference = {
  correction: 'lambda_actions',
  still: 'lets a caller who may put a concurrency limit delete it',
  observe: async (engine) => {
    const FunctionName = 'actions-function';
    await makeFunction(engine, FunctionName, code, await makeRole(engine, 'actions-function', []));
    const may = [allow('lambda:PutFunctionConcurrency')];
    const lambda = new LambdaClient(engine.client(await roleKeys(engine, 'actions-caller', may)));
    const limit = { FunctionName, ReservedConcurrentExecutions: 1 };
    return {
      put: await outcome(lambda.send(new PutFunctionConcurrencyCommand(limit))),
      delete: await outcome(lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))),
    };
  },
  stock: { put: 'ok', delete: 'ok' },
  aws: { put: 'ok', delete: 'AccessDeniedException' },
};

const ruleNames: Difference = {
  correction: 'rule_names',
  still: 'refuses to list the targets of a rule to a caller who may do so for this rule',
  observe: async (engine) => {
    const names = ['names-own', 'names-other'];
    for (const Name of names)
      await new EventBridgeClient(engine.client()).send(
        new PutRuleCommand({ Name, ScheduleExpression: 'rate(1 hour)' }),
      );
    const own = `arn:aws:events:*:${account}:rule/*names-own`;
    const may = [{ ...allow('events:ListTargetsByRule'), Resource: own }];
    const events = new EventBridgeClient(engine.client(await roleKeys(engine, 'names', may)));
    const list = (Rule: string) => outcome(events.send(new ListTargetsByRuleCommand({ Rule })));
    return { own: await list('names-own'), other: await list('names-other') };
  },
  stock: { own: 'AccessDeniedException', other: 'AccessDeniedException' },
  aws: { own: 'ok', other: 'AccessDeniedException' },
};

const loopbackTls: Difference = {
  correction: 'loopback_tls',
  still: 'takes a request over loopback for unencrypted',
  observe: async (engine) => {
    const s3 = new S3Client(engine.client());
    const insecure = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: 'arn:aws:s3:::tls-only',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    };
    for (const Bucket of ['tls-only', 'tls-open'])
      await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutBucketPolicyCommand({ Bucket: 'tls-only', Policy: policy(insecure) }));
    const caller = new S3Client(
      engine.client(await roleKeys(engine, 'tls-caller', [allow('s3:*')])),
    );
    const list = (Bucket: string) => outcome(caller.send(new ListObjectsV2Command({ Bucket })));
    return { withoutPolicy: await list('tls-open'), tlsOnly: await list('tls-only') };
  },
  stock: { withoutPolicy: 'ok', tlsOnly: 'AccessDenied' },
  aws: { withoutPolicy: 'ok', tlsOnly: 'ok' },
};

export const permissions: readonly Difference[] = [
  conditionKeys,
  policyVariables,
  rolePaths,
  passRole,
  lambdaActions,
  ruleNames,
  loopbackTls,
];
