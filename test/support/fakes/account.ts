import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRoleTagsCommand,
  NoSuchEntityException,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteFunctionConcurrencyCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  type FunctionConfiguration,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetPolicyCommand,
  InvalidParameterValueException,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  ListProvisionedConcurrencyConfigsCommand,
  PutFunctionConcurrencyCommand,
  PutProvisionedConcurrencyConfigCommand,
  ResourceNotFoundException,
  UpdateEventSourceMappingCommand,
  UpdateFunctionUrlConfigCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import type { Aws } from '../../../responders/shared/aws.ts';
import { placeOf, placeText } from '../../../responders/shared/function-place.ts';
import { metadata, page } from './pages.ts';
import { accountId, region } from './place.ts';
import { aUser, type FakeUser, fakeUsers, stubbed } from './users.ts';

export { accountId, region } from './place.ts';
export { aUser, type FakeUser } from './users.ts';

export interface FakeRole {
  path: string;
  id: string;
  attached: Set<string>;
  tags: Map<string, string>;
  trust: string;
  /** When it was created. */
  created: string;
  /** Inline policies by name, as JSON. */
  inline: Map<string, string>;
}

export interface FakeFunction {
  role: string;
  reserved: number | undefined;
  /** Alias or version → the environments that it keeps ready. */
  provisioned: Map<string, number>;
  tags: Record<string, string>;
  /** When it was created, or its code or configuration changed last. */
  changed: string;
  /** Qualifier ('' for none) → who may call it. */
  urls: Map<string, 'NONE' | 'AWS_IAM'>;
  /** UUID → state. */
  mappings: Map<string, string>;
  /** Its resource policy, where it has one. */
  policy?: string;
  /** What else its configuration says. */
  settings?: Pick<FunctionConfiguration, 'CapacityProviderConfig' | 'DurableConfig'>;
}

export interface World {
  roles: Map<string, FakeRole>;
  /** By name; in the further region by `us-east-1/<name>`. */
  functions: Map<string, FakeFunction>;
  users: Map<string, FakeUser>;
}

export const furtherRegion = 'us-east-1';
export const quarantine = {
  role: `arn:aws:iam::${accountId}:policy/cordon/CordonQuarantineRole`,
  function: `arn:aws:iam::${accountId}:policy/cordon/CordonQuarantineFunction`,
  user: `arn:aws:iam::${accountId}:policy/cordon/CordonQuarantineUser`,
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
  created: '2026-01-01T00:00:00Z',
  inline: new Map(),
  ...over,
});

export const aFunction = (over: Partial<FakeFunction> = {}): FakeFunction => ({
  role: 'orders-role',
  reserved: undefined,
  provisioned: new Map(),
  tags: { 'cordon:drill': 'allowed' },
  changed: '2026-01-02T00:00:00.000+0000',
  urls: new Map(),
  mappings: new Map(),
  ...over,
});

export const aWorld = (over: Partial<World> = {}): World => ({
  roles: new Map([['orders-role', aRole()]]),
  functions: new Map([['orders', aFunction()]]),
  users: new Map([['deploy', aUser()]]),
  ...over,
});

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
export const functionArn = (name: string): string => {
  const place = placeOf(name);
  return (
    `arn:aws:lambda:${place.region ?? region}:${accountId}` + `:function:${place.functionName}`
  );
};

const fakeIam = (world: World) => {
  const client = new IAMClient({ region });
  const iam = stubbed(client);
  iam.on(GetRoleCommand).callsFake(({ RoleName }) => {
    const { path, id, tags, trust, created } = roleIn(world, RoleName);
    const Tags = [...tags].map(([Key, Value]) => ({ Key, Value }));
    return {
      Role: {
        Path: path,
        RoleName,
        RoleId: id,
        Arn: roleArn(world, RoleName),
        Tags,
        CreateDate: new Date(created),
        AssumeRolePolicyDocument: encodeURIComponent(trust),
      },
    };
  });
  iam.on(GetRolePolicyCommand).callsFake(({ RoleName, PolicyName }) => {
    const document = roleIn(world, RoleName).inline.get(PolicyName);
    if (document === undefined)
      throw new NoSuchEntityException({ message: 'The policy cannot be found.', ...metadata });
    return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) };
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
  fakeUsers(iam, world);
  return { client, iam };
};

const configuration = (world: World, name: string) => ({
  FunctionName: placeOf(name).functionName,
  FunctionArn: functionArn(name),
  Role: roleArn(world, functionIn(world, name).role),
  LastModified: functionIn(world, name).changed,
  ...functionIn(world, name).settings,
});

/** Lambda in one region: it knows the functions of this region by their names. */
const fakeLambda = (world: World, further?: string) => {
  const client = new LambdaClient({ region: further ?? region });
  const own = (name: string) => placeText({ functionName: name, region: further });
  const ownFunctions = () =>
    [...world.functions].filter(([name]) => placeOf(name).region === further);
  const lambda = mockClient(client);
  lambda.on(GetFunctionCommand).callsFake(({ FunctionName }) => ({
    Configuration: configuration(world, own(FunctionName)),
    Tags: functionIn(world, own(FunctionName)).tags,
  }));
  lambda.on(ListFunctionsCommand).callsFake(({ Marker }) => {
    const { items, next } = page(
      ownFunctions().map(([name]) => name),
      Marker,
    );
    return { Functions: items.map((name) => configuration(world, name)), NextMarker: next };
  });
  lambda.on(GetFunctionConcurrencyCommand).callsFake(({ FunctionName }) => ({
    ReservedConcurrentExecutions: functionIn(world, own(FunctionName)).reserved,
  }));
  lambda
    .on(PutFunctionConcurrencyCommand)
    .callsFake(({ FunctionName, ReservedConcurrentExecutions }) => {
      const ready = [...functionIn(world, own(FunctionName)).provisioned.values()];
      if (ReservedConcurrentExecutions < ready.reduce((sum, count) => sum + count, 0))
        throw new InvalidParameterValueException({
          message: 'ReservedConcurrentExecutions should not be lower than provisioned concurrency',
          ...metadata,
        });
      functionIn(world, own(FunctionName)).reserved = ReservedConcurrentExecutions;
    });
  lambda.on(DeleteFunctionConcurrencyCommand).callsFake(({ FunctionName }) => {
    functionIn(world, own(FunctionName)).reserved = undefined;
  });
  lambda.on(ListProvisionedConcurrencyConfigsCommand).callsFake(({ FunctionName, Marker }) => {
    const { items, next } = page([...functionIn(world, own(FunctionName)).provisioned], Marker);
    const ProvisionedConcurrencyConfigs = items.map(([qualifier, count]) => ({
      FunctionArn: `${functionArn(own(FunctionName))}:${qualifier}`,
      RequestedProvisionedConcurrentExecutions: count,
    }));
    return { ProvisionedConcurrencyConfigs, NextMarker: next };
  });
  lambda
    .on(DeleteProvisionedConcurrencyConfigCommand)
    .callsFake(
      ({ FunctionName, Qualifier }) =>
        void functionIn(world, own(FunctionName)).provisioned.delete(Qualifier),
    );
  lambda
    .on(PutProvisionedConcurrencyConfigCommand)
    .callsFake(({ FunctionName, Qualifier, ProvisionedConcurrentExecutions }) => {
      functionIn(world, own(FunctionName)).provisioned.set(
        Qualifier,
        ProvisionedConcurrentExecutions,
      );
    });
  lambda.on(ListEventSourceMappingsCommand).callsFake(({ FunctionName, Marker }) => {
    // A list for the bare name of a function leaves out the mappings of its aliases.
    if (FunctionName !== undefined) functionIn(world, own(FunctionName));
    const mappings = ownFunctions().flatMap(([name, { mappings }]) =>
      [...mappings].map(([UUID, State]) => [name, UUID, State] as const),
    );
    const asked = mappings.filter(
      ([name, UUID]) =>
        FunctionName === undefined || (name === own(FunctionName) && !UUID.startsWith('alias-')),
    );
    const { items, next } = page(asked, Marker);
    return {
      EventSourceMappings: items.map(([name, UUID, State]) => ({
        UUID,
        State,
        FunctionArn: functionArn(name) + (UUID.startsWith('alias-') ? ':live' : ''),
        EventSourceArn: `arn:aws:sqs:${further ?? region}:${accountId}:queue-${UUID}`,
      })),
      NextMarker: next,
    };
  });
  lambda.on(GetPolicyCommand).callsFake(({ FunctionName }) => {
    const { policy } = functionIn(world, own(FunctionName));
    if (policy === undefined)
      throw new ResourceNotFoundException({
        message: 'The resource you requested does not exist.',
        Type: 'User',
        ...metadata,
      });
    return { Policy: policy };
  });
  lambda.on(UpdateEventSourceMappingCommand).callsFake(({ UUID, Enabled }) => {
    const owner = ownFunctions().find(([, { mappings }]) => mappings.has(UUID))?.[1];
    owner?.mappings.set(UUID, Enabled ? 'Enabled' : 'Disabled');
  });
  lambda.on(ListFunctionUrlConfigsCommand).callsFake(({ FunctionName, Marker }) => {
    const { items, next } = page([...functionIn(world, own(FunctionName)).urls], Marker);
    const FunctionUrlConfigs = items.map(([qualifier, AuthType]) => ({
      AuthType,
      FunctionArn: functionArn(own(FunctionName)) + (qualifier && `:${qualifier}`),
    }));
    return { FunctionUrlConfigs, NextMarker: next };
  });
  lambda
    .on(UpdateFunctionUrlConfigCommand)
    .callsFake(({ FunctionName, Qualifier = '', AuthType }) => {
      const { urls } = functionIn(world, own(FunctionName));
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
export const fakeAccount = (world: World = aWorld(), regions: readonly string[] = []) => {
  const { client: iamClient, iam } = fakeIam(world);
  const { client: lambdaClient, lambda } = fakeLambda(world);
  const further = fakeLambda(world, furtherRegion);
  const aws: Aws = {
    iam: iamClient,
    lambda: lambdaClient,
    further: new Map(regions.map((name) => [name, further.client])),
    quarantine,
  };
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
    further: further.lambda,
    sent: () => [
      ...named('iam', iam),
      ...named('lambda', lambda),
      ...named('lambda', further.lambda),
    ],
  };
};
