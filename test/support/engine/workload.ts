// Something to contain, made with the root key: a role, a function that runs with it, and what
// leads to the function.
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  type Tag,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig } from '../../../local/engine/clients.ts';
import { ACCOUNT, REGION } from '../../../local/engine/settings.ts';
import { zipOf } from '../../../local/engine/zip.ts';
import type { Responder } from '../../../responders/contain/responder.ts';
import { type At, attach } from './keys.ts';

export interface Setup {
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly attached?: readonly string[];
  readonly reserved?: number;
  /** How many environments a version of the function keeps ready. */
  readonly provisioned?: number;
  /** Alias ('' for none) → who may call the URL. */
  readonly urls?: Readonly<Record<string, 'NONE' | 'AWS_IAM'>>;
  /** Whether each of the event sources is on. */
  readonly sources?: readonly boolean[];
  /** The policies of the user. */
  readonly userAttached?: readonly string[];
  /** Whether each of the user’s keys is active. */
  readonly keys?: readonly boolean[];
}

export interface Workload {
  readonly functionName: string;
  readonly roleName: string;
  readonly roleArn: string;
  readonly userName: string;
}

/** The target of a responder in this workload. */
export const targetIn = (
  { targets }: Pick<Responder, 'targets'>,
  { functionName, roleName, userName }: Workload,
): string =>
  [
    ...(['sole', 'shared'] as const).map(
      (sharing) => ({ kind: 'function', functionName, roleName, sharing }) as const,
    ),
    { kind: 'session', roleName, sessionName: functionName } as const,
    { kind: 'user', userName } as const,
  ].flatMap((suspect) => targets(suspect))[0] ?? '';

const lambdaOnly = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

const tagList = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const makeRole = async (
  engine: At,
  name: string,
  { path = '/', tags = {}, attached = [] }: Setup = {},
): Promise<string> => {
  const iam = new IAMClient(clientConfig(engine));
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: lambdaOnly,
      Tags: tagList(tags),
    }),
  );
  await attach(engine, name, ...attached);
  return `arn:aws:iam::${ACCOUNT}:role${path}${name}`;
};

const hello = zipOf([
  { name: 'index.mjs', data: Buffer.from('export const handler = async () => "ok";') },
]);

export const makeFunction = async (
  engine: At,
  name: string,
  roleArn: string,
  { tags = {} }: Pick<Setup, 'tags'> = {},
): Promise<void> => {
  await new LambdaClient(clientConfig(engine)).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: roleArn,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: hello },
      Tags: { ...tags },
    }),
  );
};

const addUrl = async (
  lambda: LambdaClient,
  FunctionName: string,
  alias: string,
  AuthType: 'NONE' | 'AWS_IAM',
): Promise<void> => {
  if (alias) {
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName }));
    await lambda.send(
      new CreateAliasCommand({ FunctionName, Name: alias, FunctionVersion: Version }),
    );
  }
  const Cors = { AllowOrigins: ['https://example.org'], MaxAge: 60 };
  await lambda.send(
    new CreateFunctionUrlConfigCommand({
      FunctionName,
      AuthType,
      Cors,
      ...(alias && { Qualifier: alias }),
    }),
  );
};

const addSource = async (
  engine: At,
  FunctionName: string,
  number: number,
  Enabled: boolean,
): Promise<void> => {
  const QueueName = `${FunctionName}-${number}`;
  await new SQSClient(clientConfig(engine)).send(new CreateQueueCommand({ QueueName }));
  const EventSourceArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}`;
  await new LambdaClient(clientConfig(engine)).send(
    new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, Enabled, BatchSize: 7 }),
  );
};

const provision = async (
  lambda: LambdaClient,
  FunctionName: string,
  ProvisionedConcurrentExecutions: number,
): Promise<void> => {
  const { Version: Qualifier } = await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(
    new PutProvisionedConcurrencyConfigCommand({
      FunctionName,
      Qualifier,
      ProvisionedConcurrentExecutions,
    }),
  );
};

const makeUser = async (
  engine: At,
  UserName: string,
  { userAttached = [], keys = [true] }: Setup,
): Promise<void> => {
  const iam = new IAMClient(clientConfig(engine));
  await iam.send(new CreateUserCommand({ UserName }));
  for (const PolicyArn of userAttached)
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  for (const active of keys) {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    if (!active)
      await iam.send(
        new UpdateAccessKeyCommand({
          UserName,
          AccessKeyId: AccessKey?.AccessKeyId,
          Status: 'Inactive',
        }),
      );
  }
};

/** A role, its function, a user, and everything that the setup asks for. */
export const makeWorkload = async (
  engine: At,
  name: string,
  setup: Setup = {},
): Promise<Workload> => {
  const lambda = new LambdaClient(clientConfig(engine));
  const roleName = `${name}-role`;
  const roleArn = await makeRole(engine, roleName, setup);
  const userName = `${name}-user`;
  await makeUser(engine, userName, setup);
  await makeFunction(engine, name, roleArn, setup);
  for (const [alias, auth] of Object.entries(setup.urls ?? {}))
    await addUrl(lambda, name, alias, auth);
  for (const [number, on] of (setup.sources ?? []).entries())
    await addSource(engine, name, number, on);
  if (setup.reserved !== undefined)
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: name,
        ReservedConcurrentExecutions: setup.reserved,
      }),
    );
  if (setup.provisioned !== undefined) await provision(lambda, name, setup.provisioned);
  return { functionName: name, roleName, roleArn, userName };
};

/**
 * Everything of a workload that containment could change, as the SDK reads it; times of change are
 * not part of it.
 */
export const readBack = async (
  engine: At,
  { functionName, roleName, userName }: Workload,
): Promise<unknown> => {
  const [iam, lambda] = [
    new IAMClient(clientConfig(engine)),
    new LambdaClient(clientConfig(engine)),
  ];
  const FunctionName = functionName;
  const [role, attached, reserved, urls, sources, provisioned] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName: roleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName: roleName })),
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName })),
    lambda.send(new ListEventSourceMappingsCommand({ FunctionName })),
    lambda.send(new ListProvisionedConcurrencyConfigsCommand({ FunctionName })),
  ]);
  const [user, userAttached, keys] = await Promise.all([
    iam.send(new GetUserCommand({ UserName: userName })),
    iam.send(new ListAttachedUserPoliciesCommand({ UserName: userName })),
    iam.send(new ListAccessKeysCommand({ UserName: userName })),
  ]);
  const byName = (
    one: { PolicyName?: string | undefined },
    other: { PolicyName?: string | undefined },
  ): number => (String(one.PolicyName) < String(other.PolicyName) ? -1 : 1);
  return {
    user: user.User,
    userAttached: userAttached.AttachedPolicies?.toSorted(byName),
    keys: keys.AccessKeyMetadata,
    role: role.Role,
    attached: attached.AttachedPolicies?.toSorted(byName),
    reserved: reserved.ReservedConcurrentExecutions,
    provisioned: provisioned.ProvisionedConcurrencyConfigs?.map(
      ({ LastModified: _changed, ...config }) => config,
    ),
    urls: urls.FunctionUrlConfigs?.map(({ LastModifiedTime: _changed, ...url }) => url),
    sources: sources.EventSourceMappings?.map(({ LastModified: _changed, ...source }) => source),
  };
};
