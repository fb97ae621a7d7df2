import { createHash } from 'node:crypto';
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  paginateListAttachedRolePolicies,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctionUrlConfigs,
} from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { SdkConfig } from '../operator/sdk-config.ts';

/** The resources to read, by name. */
export interface Targets {
  readonly functions: readonly string[];
  readonly roles: readonly string[];
  readonly buckets: readonly string[];
}

/** The text of each fact, by its name. */
export type AccountState = ReadonlyMap<string, string>;

type StateFacts = readonly (readonly [string, unknown])[];

const absent = new Set([
  'NoSuchEntityException',
  'NoSuchEntity',
  'ResourceNotFoundException',
  'NoSuchBucketPolicy',
  'NoSuchBucket',
]);

const orNone = <T>(work: Promise<T>): Promise<T | 'none'> =>
  work.catch((error: unknown) => {
    if (error instanceof Error && absent.has(error.name)) return 'none' as const;
    throw error;
  });

/** Keys are sorted at every depth, so that equal facts give equal text. */
const canonical = (fact: unknown): string =>
  JSON.stringify(fact, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([left], [right]) => left.localeCompare(right)),
        )
      : inner,
  );

const roleFacts = async (RoleName: string, iam: IAMClient): Promise<StateFacts> => {
  const attached: string[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
    { client: iam },
    { RoleName },
  ))
    attached.push(...AttachedPolicies.map(({ PolicyArn = '' }) => PolicyArn));
  const [{ Role }, { PolicyNames = [] }] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
  ]);
  const inline = await Promise.all(
    PolicyNames.sort().map((PolicyName) =>
      iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })),
    ),
  );
  const tags = (Role?.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`);
  return [
    ['attached policies', attached.sort()],
    [
      'inline policies',
      inline.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]),
    ],
    ['tags', tags.sort()],
    ['boundary', Role?.PermissionsBoundary?.PermissionsBoundaryArn ?? 'none'],
    ['trust policy', Role?.AssumeRolePolicyDocument],
  ];
};

/** Fields that change without a change of the configuration. */
const volatile = /^(\$metadata|LastModified|RevisionId|State.*|LastUpdate.*)$/;

const configurationHash = async (FunctionName: string, lambda: LambdaClient): Promise<string> => {
  const configuration = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const stable = Object.entries(configuration).filter(([key]) => !volatile.test(key));
  return createHash('sha256')
    .update(canonical(Object.fromEntries(stable)))
    .digest('hex');
};

const functionFacts = async (FunctionName: string, lambda: LambdaClient): Promise<StateFacts> => {
  const urls: string[] = [];
  for await (const { FunctionUrlConfigs = [] } of paginateListFunctionUrlConfigs(
    { client: lambda },
    { FunctionName },
  ))
    urls.push(
      ...FunctionUrlConfigs.map(({ FunctionArn, FunctionUrl, AuthType, Cors }) =>
        canonical([FunctionArn, FunctionUrl, AuthType, Cors]),
      ),
    );
  const sources: string[] = [];
  for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
    { client: lambda },
    { FunctionName },
  ))
    sources.push(
      ...EventSourceMappings.map(({ UUID, EventSourceArn, State, BatchSize }) =>
        canonical([UUID, EventSourceArn, State, BatchSize]),
      ),
    );
  const [configuration, concurrency, policy] = await Promise.all([
    configurationHash(FunctionName, lambda),
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
    orNone(lambda.send(new GetPolicyCommand({ FunctionName }))),
  ]);
  return [
    ['configuration', configuration],
    ['reserved concurrency', concurrency.ReservedConcurrentExecutions ?? 'none'],
    ['URLs', urls.sort()],
    ['event sources', sources.sort()],
    ['resource policy', policy === 'none' ? policy : policy.Policy],
  ];
};

const bucketFacts = async (Bucket: string, s3: S3Client): Promise<StateFacts> => {
  const policy = await orNone(s3.send(new GetBucketPolicyCommand({ Bucket })));
  return [['policy', policy === 'none' ? policy : policy.Policy]];
};

/** Reads everything that containment may change, and what it must not. */
export const accountState = async (
  { functions, roles, buckets }: Targets,
  config: SdkConfig,
): Promise<AccountState> => {
  const [iam, lambda, s3] = [new IAMClient(config), new LambdaClient(config), new S3Client(config)];
  const named = async (
    kind: string,
    name: string,
    read: Promise<StateFacts | 'none'>,
  ): Promise<[string, string][]> => {
    const facts = await read;
    return facts === 'none'
      ? [[`${kind} ${name}`, 'none']]
      : facts.map(([label, fact]) => [`${kind} ${name}: ${label}`, canonical(fact)]);
  };
  const lists = await Promise.all([
    ...functions.map((name) => named('function', name, orNone(functionFacts(name, lambda)))),
    ...roles.map((name) => named('role', name, orNone(roleFacts(name, iam)))),
    ...buckets.map((name) => named('bucket', name, orNone(bucketFacts(name, s3)))),
  ]);
  return new Map(lists.flat());
};

const short = (text: string | undefined): string =>
  text === undefined ? 'nothing' : text.length > 160 ? `${text.slice(0, 159)}…` : text;

/** What differs, one sentence each; `except` names targets that are left out. */
export const differences = (
  before: AccountState,
  after: AccountState,
  except: Iterable<string> = [],
): readonly string[] => {
  const excepted = [...except];
  const isCompared = (fact: string): boolean =>
    !excepted.some((target) => fact === target || fact.startsWith(`${target}: `));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((fact) => before.get(fact) !== after.get(fact) && isCompared(fact))
    .map((fact) => `${fact}: was ${short(before.get(fact))}, is ${short(after.get(fact))}`);
};
