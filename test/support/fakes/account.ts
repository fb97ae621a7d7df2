import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRoleTagsCommand,
  NoSuchEntityException,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  PutFunctionConcurrencyCommand,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { Aws } from '../../../responders/shared/aws.ts';

export interface FakeRole {
  path: string;
  id: string;
  attached: Set<string>;
  tags: Map<string, string>;
  trust: string;
}

export interface FakeFunction {
  role: string;
  reserved: number | undefined;
  tags: Record<string, string>;
  /** Qualifier ('' for none) → who may call it. */
  urls: Map<string, 'NONE' | 'AWS_IAM'>;
  /** UUID → state. */
  mappings: Map<string, string>;
  /** Its resource policy, where it has one. */
  policy?: string;
}

export interface World {
  roles: Map<string, FakeRole>;
  functions: Map<string, FakeFunction>;
}

export const accountId = '111122223333';
export const region = 'eu-west-1';
export const quarantine = {
  role: `arn:aws:iam::${accountId}:policy/cordon/CordonQuarantineRole`,
  function: `arn:aws:iam::${accountId}:policy/cordon/CordonQuarantineFunction`,
};

const lambdaOnly = JSON.stringify({
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
});

export const aRole = (over: Partial<FakeRole> = {}): FakeRole => ({
  path: '/',
  id: 'AROAEXAMPLEEXAMPLE01',
  attached: new Set(['arn:aws:iam::111122223333:policy/app']),
  tags: new Map([['cordon:drill', 'allowed']]),
  trust: lambdaOnly,
  ...over,
});

export const aFunction = (over: Partial<FakeFunction> = {}): FakeFunction => ({
  role: 'orders-role',
  reserved: undefined,
  tags: { 'cordon:drill': 'allowed' },
  urls: new Map(),
  mappings: new Map(),
  ...over,
});

export const aWorld = (over: Partial<World> = {}): World => ({
  roles: new Map([['orders-role', aRole()]]),
  functions: new Map([['orders', aFunction()]]),
  ...over,
});

/**
 * Two a page, so that nobody gets away without paging. A page goes on behind the last item of the
 * one before: what is taken away meanwhile hides nothing else.
 */
const page = <T>(
  items: readonly T[],
  marker: string | undefined,
): { items: readonly T[]; next: string | undefined } => {
  const start = marker === undefined ? 0 : items.findIndex((item) => String(item) === marker) + 1;
  return {
    items: items.slice(start, start + 2),
    next: start + 2 < items.length ? String(items[start + 1]) : undefined,
  };
};

const metadata = { $metadata: {} };

const roleIn = (world: World, name: string | undefined): FakeRole => {
  const found = world.roles.get(name ?? '');
  if (!found)
    throw new NoSuchEntityException({
      message: `The role with name ${name} cannot be found.`,
      ...metadata,
    });
  return found;
};

const functionIn = (world: World, name: string | undefined): FakeFunction => {
  const found = world.functions.get(name ?? '');
  if (!found)
    throw new ResourceNotFoundException({
      message: `Function not found: ${name}`,
      Type: 'User',
      ...metadata,
    });
  return found;
};

export const roleArn = (world: World, name: string): string =>
  `arn:aws:iam::${accountId}:role${world.roles.get(name)?.path ?? '/'}${name}`;
export const functionArn = (name: string): string =>
  `arn:aws:lambda:${region}:${accountId}:function:${name}`;

const fakeIam = (world: World) => {
  const client = new IAMClient({ region });
  const iam = mockClient(client);
  iam.on(GetRoleCommand).callsFake(({ RoleName }) => {
    const { path, id, tags, trust } = roleIn(world, RoleName);
    const Tags = [...tags].map(([Key, Value]) => ({ Key, Value }));
    return {
      Role: {
        Path: path,
        RoleName,
        RoleId: id,
        Arn: roleArn(world, RoleName),
        Tags,
        AssumeRolePolicyDocument: encodeURIComponent(trust),
      },
    };
  });
  iam.on(ListAttachedRolePoliciesCommand).callsFake(({ RoleName, Marker }) => {
    const { items, next } = page([...roleIn(world, RoleName).attached], Marker);
    return {
      AttachedPolicies: items.map((PolicyArn) => ({ PolicyArn })),
      IsTruncated: next !== undefined,
      Marker: next,
    };
  });
  iam
    .on(AttachRolePolicyCommand)
    .callsFake(({ RoleName, PolicyArn }) => void roleIn(world, RoleName).attached.add(PolicyArn));
  iam.on(DetachRolePolicyCommand).callsFake(({ RoleName, PolicyArn }) => {
    if (!roleIn(world, RoleName).attached.delete(PolicyArn))
      throw new NoSuchEntityException({ message: 'not attached', ...metadata });
  });
  iam.on(ListRoleTagsCommand).callsFake(({ RoleName, Marker }) => {
    const { items, next } = page([...roleIn(world, RoleName).tags], Marker);
    return {
      Tags: items.map(([Key, Value]) => ({ Key, Value })),
      IsTruncated: next !== undefined,
      Marker: next,
    };
  });
  iam.on(TagRoleCommand).callsFake(({ RoleName, Tags }) => {
    for (const { Key, Value } of Tags) roleIn(world, RoleName).tags.set(Key, Value);
  });
  iam.on(UntagRoleCommand).callsFake(({ RoleName, TagKeys }) => {
    for (const key of TagKeys) roleIn(world, RoleName).tags.delete(key);
  });
  return { client, iam };
};

const configuration = (world: World, name: string) => ({
  FunctionName: name,
  FunctionArn: functionArn(name),
  Role: roleArn(world, functionIn(world, name).role),
});

const fakeLambda = (world: World) => {
  const client = new LambdaClient({ region });
  const lambda = mockClient(client);
  lambda.on(GetFunctionCommand).callsFake(({ FunctionName }) => ({
    Configuration: configuration(world, FunctionName),
    Tags: functionIn(world, FunctionName).tags,
  }));
  lambda.on(ListFunctionsCommand).callsFake(({ Marker }) => {
    const { items, next } = page([...world.functions.keys()], Marker);
    return { Functions: items.map((name) => configuration(world, name)), NextMarker: next };
  });
  lambda.on(GetFunctionConcurrencyCommand).callsFake(({ FunctionName }) => ({
    ReservedConcurrentExecutions: functionIn(world, FunctionName).reserved,
  }));
  lambda
    .on(PutFunctionConcurrencyCommand)
    .callsFake(({ FunctionName, ReservedConcurrentExecutions }) => {
      functionIn(world, FunctionName).reserved = ReservedConcurrentExecutions;
    });
  lambda.on(DeleteFunctionConcurrencyCommand).callsFake(({ FunctionName }) => {
    functionIn(world, FunctionName).reserved = undefined;
  });
  lambda.on(ListEventSourceMappingsCommand).callsFake(({ FunctionName, Marker }) => {
    const { items, next } = page([...functionIn(world, FunctionName).mappings], Marker);
    return {
      EventSourceMappings: items.map(([UUID, State]) => ({
        UUID,
        State,
        EventSourceArn: `arn:aws:sqs:${region}:${accountId}:queue-${UUID}`,
      })),
      NextMarker: next,
    };
  });
  lambda.on(GetPolicyCommand).callsFake(({ FunctionName }) => {
    const { policy } = functionIn(world, FunctionName);
    if (policy === undefined)
      throw new ResourceNotFoundException({
        message: 'The resource you requested does not exist.',
        Type: 'User',
        ...metadata,
      });
    return { Policy: policy };
  });
  lambda.on(UpdateEventSourceMappingCommand).callsFake(({ UUID, Enabled }) => {
    const owner = [...world.functions.values()].find(({ mappings }) => mappings.has(UUID));
    owner?.mappings.set(UUID, Enabled ? 'Enabled' : 'Disabled');
  });
  lambda.on(ListFunctionUrlConfigsCommand).callsFake(({ FunctionName, Marker }) => {
    const { items, next } = page([...functionIn(world, FunctionName).urls], Marker);
    const FunctionUrlConfigs = items.map(([qualifier, AuthType]) => ({
      AuthType,
      FunctionArn: functionArn(FunctionName) + (qualifier && `:${qualifier}`),
    }));
    return { FunctionUrlConfigs, NextMarker: next };
  });
  lambda
    .on(UpdateFunctionUrlConfigCommand)
    .callsFake(({ FunctionName, Qualifier = '', AuthType }) => {
      const { urls } = functionIn(world, FunctionName);
      if (!urls.has(Qualifier))
        throw new ResourceNotFoundException({
          message: 'The resource you requested does not exist.',
          ...metadata,
        });
      urls.set(Qualifier, AuthType);
    });
  return { client, lambda };
};

/**
 * A small account that remembers. It fakes behaviour, not calls, so that tests can ask "what is
 * true now?".
 */
export const fakeAccount = (world: World = aWorld()) => {
  const { client: iamClient, iam } = fakeIam(world);
  const { client: lambdaClient, lambda } = fakeLambda(world);
  const aws: Aws = { iam: iamClient, lambda: lambdaClient, quarantine };
  const named = (
    service: string,
    mock: { calls(): { args: readonly [{ constructor: { name: string } }, ...unknown[]] }[] },
  ) =>
    mock
      .calls()
      .map(
        ({ args: [command] }) => `${service}:${command.constructor.name.replace(/Command$/, '')}`,
      );
  return {
    aws,
    world,
    iam,
    lambda,
    sent: () => [...named('iam', iam), ...named('lambda', lambda)],
  };
};
