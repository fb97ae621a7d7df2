import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionUrlConfigCommand,
  GetResourcePolicyCommand,
  LambdaClient,
  ListTagsCommand,
} from '@aws-sdk/client-lambda';
import type { Json } from '../../support/infra/synthesised.ts';
import type { Reader } from './readers.ts';

const parsed = (document = '{}'): Json =>
  JSON.parse(document.startsWith('{') ? document : decodeURIComponent(document));

export const readFunction: Reader = async (client, FunctionName) => {
  const {
    Configuration,
    Concurrency,
    Tags = {},
  } = await new LambdaClient(client).send(new GetFunctionCommand({ FunctionName }));
  return {
    Architectures: Configuration?.Architectures,
    Description: Configuration?.Description,
    Environment: { Variables: Configuration?.Environment?.Variables },
    FunctionName: Configuration?.FunctionName,
    Handler: Configuration?.Handler,
    LoggingConfig: { LogGroup: Configuration?.LoggingConfig?.LogGroup },
    MemorySize: Configuration?.MemorySize,
    ReservedConcurrentExecutions: Concurrency?.ReservedConcurrentExecutions,
    Role: Configuration?.Role,
    Runtime: Configuration?.Runtime,
    Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
    Timeout: Configuration?.Timeout,
    TracingConfig: { Mode: Configuration?.TracingConfig?.Mode },
  };
};

export const readFunctionPolicy: Reader = async (client, ResourceArn) => {
  const { Policy } = await new LambdaClient(client).send(
    new GetResourcePolicyCommand({ ResourceArn }),
  );
  return { ResourceArn, PolicyDocument: parsed(Policy) };
};

export const readUrl: Reader = async (client, _id, { TargetFunctionArn }) => {
  const { AuthType, FunctionArn } = await new LambdaClient(client).send(
    new GetFunctionUrlConfigCommand({ FunctionName: String(TargetFunctionArn) }),
  );
  return { AuthType, TargetFunctionArn: FunctionArn };
};

export const readMapping: Reader = async (client, UUID) => {
  const lambda = new LambdaClient(client);
  const {
    BatchSize,
    EventSourceArn,
    FunctionArn,
    FunctionResponseTypes,
    MaximumBatchingWindowInSeconds,
    ScalingConfig,
    EventSourceMappingArn,
  } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
  const tags = EventSourceMappingArn
    ? await lambda.send(new ListTagsCommand({ Resource: EventSourceMappingArn }))
    : undefined;
  return {
    BatchSize,
    EventSourceArn,
    FunctionResponseTypes,
    MaximumBatchingWindowInSeconds,
    ScalingConfig,
    FunctionName: FunctionArn?.split(':').at(-1),
    Tags: Object.entries(tags?.Tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
  };
};

export const readRole: Reader = async (client, RoleName) => {
  const iam = new IAMClient(client);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  const { AttachedPolicies = [] } = await iam.send(
    new ListAttachedRolePoliciesCommand({ RoleName }),
  );
  const policies = await Promise.all(
    PolicyNames.map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  return {
    AssumeRolePolicyDocument: parsed(Role?.AssumeRolePolicyDocument),
    Description: Role?.Description,
    ManagedPolicyArns: AttachedPolicies.map(({ PolicyArn }) => PolicyArn),
    MaxSessionDuration: Role?.MaxSessionDuration,
    Path: Role?.Path,
    // Policies of their own, written beside the role, have names that CDK made.
    Policies: policies
      .filter(({ PolicyName = '' }) => !/[0-9A-F]{8}$/.test(PolicyName))
      .map(({ PolicyName, PolicyDocument }) => ({
        PolicyName,
        PolicyDocument: parsed(PolicyDocument),
      })),
    RoleName: Role?.RoleName,
    Tags: Role?.Tags,
  };
};

export const readPolicy: Reader = async (client, _id, { PolicyName, Roles }) => {
  const iam = new IAMClient(client);
  const roles = Array.isArray(Roles) ? Roles.map(String) : [];
  const found = await Promise.all(
    roles.map((RoleName) =>
      iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: String(PolicyName) })),
    ),
  );
  return {
    PolicyName: found[0]?.PolicyName,
    Roles: found.map(({ RoleName }) => RoleName),
    PolicyDocument: parsed(found[0]?.PolicyDocument),
  };
};

export const readManagedPolicy: Reader = async (client, PolicyArn) => {
  const iam = new IAMClient(client);
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return {
    Description: Policy?.Description,
    ManagedPolicyName: Policy?.PolicyName,
    Path: Policy?.Path,
    PolicyDocument: parsed(PolicyVersion?.Document),
  };
};
