// What the tests of the adapter need: roles with sessions, functions, state machines, stacks.

import { setTimeout as sleep } from 'node:timers/promises';
import { crc32, deflateRawSync } from 'node:zlib';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand, type Tag } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionOutput,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Engine, Keys } from './engine.ts';

export const account = '000000000000';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export const allow = (
  action: string,
  resource = '*',
  condition?: Statement['Condition'],
): Statement => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(condition && { Condition: condition }),
});

export const policy = (...statements: readonly unknown[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

const ownAccount = `arn:aws:iam::${account}:root`;

/** The trust policy of a role that a service may take, and the account. */
const trustIn = (service: string): string =>
  policy({
    Effect: 'Allow',
    Principal: { Service: service, AWS: ownAccount },
    Action: 'sts:AssumeRole',
  });

export interface RoleOptions {
  readonly path?: string;
  readonly tags?: Tag[];
  /** The service that may take the role; Lambda unless said. */
  readonly service?: string;
}

/** Create a role with an inline policy; gives its ARN. */
export const makeRole = async (
  engine: Engine,
  name: string,
  statements: readonly Statement[],
  { path = '/', tags = [], service = 'lambda.amazonaws.com' }: RoleOptions = {},
): Promise<string> => {
  const iam = new IAMClient(engine.client());
  await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: trustIn(service),
      Tags: tags,
    }),
  );
  if (statements.length > 0)
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: 'p',
        PolicyDocument: policy(...statements),
      }),
    );
  return `arn:aws:iam::${account}:role${path}${name}`;
};

export const assume = async (
  engine: Engine,
  roleArn: string,
  session = 'session',
): Promise<Keys> => {
  const { Credentials: keys } = await new STSClient(engine.client()).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: session }),
  );
  if (!keys?.AccessKeyId || !keys.SecretAccessKey || !keys.SessionToken)
    throw new Error('no credentials');
  return {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.SessionToken,
  };
};

/** Create a role with these statements; gives keys of a session of it. */
export const roleKeys = async (
  engine: Engine,
  name: string,
  statements: readonly Statement[],
  options: RoleOptions = {},
): Promise<Keys> => assume(engine, await makeRole(engine, name, statements, options));

/** The error name of a call, or 'ok'. */
export const outcome = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

export const makeFunction = async (
  engine: Engine,
  name: string,
  code: string,
  role: string,
): Promise<string> => {
  const { FunctionArn } = await new LambdaClient(engine.client()).send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 60, // its default of 3 s is short for a first start on a busy machine
      Role: role,
      Code: { ZipFile: zip('index.mjs', code) },
    }),
  );
  return FunctionArn ?? '';
};

export const makeMachine = async (
  engine: Engine,
  name: string,
  definition: object,
): Promise<string> => {
  const roleArn = await makeRole(engine, `machine-${name}`, []);
  const sfn = new SFNClient(engine.client());
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn }),
  );
  return stateMachineArn ?? '';
};

/** What a state says of a task of ECS that it runs, whatever the task is. */
export const taskParameters = (cluster: string, definition: string | undefined) => ({
  Cluster: cluster,
  LaunchType: 'FARGATE',
  TaskDefinition: definition,
  NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['subnet-1'] } },
});

/** Create a state machine from an ASL object and run it; gives the ended execution. */
export const runMachine = async (
  engine: Engine,
  name: string,
  definition: object,
  input: unknown = {},
): Promise<DescribeExecutionOutput> => {
  const sfn = new SFNClient(engine.client());
  const stateMachineArn = await makeMachine(engine, name, definition);
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return eventually(
    () => sfn.send(new DescribeExecutionCommand({ executionArn })),
    (execution) => execution.status !== 'RUNNING',
  );
};

/** Ask until the answer is right, or fail with the last answer. */
export const eventually = async <T>(
  ask: () => Promise<T>,
  right: (answer: T) => boolean,
  seconds = 100,
): Promise<T> => {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (right(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`still wrong after ${seconds} s: ${JSON.stringify(answer)}`);
    await sleep(50);
  }
};

/** What a function printed after this word, line by line: its files are its own. */
export const printedAfter = async (
  engine: Engine,
  functionName: string,
  word: string,
): Promise<readonly string[]> => {
  const logs = new CloudWatchLogsClient(engine.client());
  const read = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` });
  const events = await logs.send(read).then(
    (answer) => answer.events ?? [],
    (error: unknown) => {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return [];
      throw error;
    },
  );
  return events.flatMap(({ message = '' }) => {
    const at = message.indexOf(`${word} `);
    return at < 0 ? [] : [message.slice(at + word.length + 1).trim()];
  });
};

/** Create (or update) a stack; gives its outputs. */
export const deploy = async (
  engine: Engine,
  name: string,
  resources: object,
  outputs: object = {},
  update = false,
): Promise<Record<string, string>> => {
  const cfn = new CloudFormationClient(engine.client());
  const input = {
    StackName: name,
    TemplateBody: JSON.stringify({ Resources: resources, Outputs: outputs }),
    Capabilities: ['CAPABILITY_NAMED_IAM' as const],
  };
  await (update
    ? cfn.send(new UpdateStackCommand(input))
    : cfn.send(new CreateStackCommand(input)));
  const stack = await eventually(
    async () => (await cfn.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0],
    (described) => !described?.StackStatus?.endsWith('_IN_PROGRESS'),
  );
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(stack?.StackStatus ?? ''))
    throw new Error(`${stack?.StackStatus}: ${stack?.StackStatusReason}`);
  return Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
};

/** Give a zip archive with a single file. */
export const zip = (name: string, text: string): Uint8Array => {
  const [body, data] = [Buffer.from(text), deflateRawSync(text)];
  const fixed = Buffer.alloc(26);
  fixed.writeUInt16LE(20, 0);
  fixed.writeUInt16LE(8, 4);
  fixed.writeUInt32LE(crc32(body), 10);
  fixed.writeUInt32LE(data.length, 14);
  fixed.writeUInt32LE(body.length, 18);
  fixed.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fixed, Buffer.from(name), data]);
  const central = Buffer.concat([
    Buffer.from('PK\u0001\u0002\u0014\u0000'),
    fixed,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
};
