import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { NamedFunction } from '../finding/identify.ts';
import type { FunctionSuspect, Sharing } from '../incident/suspect.ts';
import { type Attempt, attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { at, decodedUri, isRecord, jsonIn } from '../shared/json.ts';
import { functionCallers } from './function-callers.ts';
import type { Confirmed, Deadlines, Facts, SuspectKind } from './suspect-kind.ts';

export interface FunctionFacts {
  readonly arn: string;
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The SHA-256 of the newest code, in base64. */
  readonly codeSha256?: string | undefined;
}

export interface RoleFacts {
  readonly arn: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The principals besides Lambda that may assume the role. */
  readonly otherTrust: readonly string[];
}

/** Everything that is read about a function. */
export interface FunctionReads {
  readonly function: Attempt<FunctionFacts>;
  readonly role: Attempt<RoleFacts>;
  /** The other functions that run with the role. */
  readonly neighbours: Attempt<readonly string[]>;
}

const readFunction = async (FunctionName: string, { lambda }: Aws): Promise<FunctionFacts> => {
  const { Configuration, Tags = {} } = await lambda.send(new GetFunctionCommand({ FunctionName }));
  return {
    arn: Configuration?.FunctionArn ?? '',
    roleArn: Configuration?.Role ?? '',
    tags: Tags,
    codeSha256: Configuration?.CodeSha256,
  };
};

const listed = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/**
 * Principals of a trust policy other than the Lambda service. An unreadable policy counts as such a
 * principal.
 */
const otherTrust = (document: string | undefined): string[] => {
  const policy = jsonIn(decodedUri(document ?? ''));
  if (policy === undefined) return ['a trust policy that could not be read'];
  return listed(at(policy, 'Statement'))
    .map((statement) => at(statement, 'Principal'))
    .flatMap((principal) =>
      isRecord(principal) ? Object.values(principal).flatMap(listed) : [principal],
    )
    .map(String)
    .filter((principal) => principal !== 'lambda.amazonaws.com');
};

const readRole = async (RoleName: string, { iam }: Aws): Promise<RoleFacts> => {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const tags = Object.fromEntries(
    (Role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
  );
  return {
    arn: Role?.Arn ?? '',
    id: Role?.RoleId ?? '',
    tags,
    otherTrust: otherTrust(Role?.AssumeRolePolicyDocument),
  };
};

type FunctionNames = Pick<FunctionSuspect, 'functionName' | 'roleName'>;

const readNeighbours = async (
  { functionName, roleName }: FunctionNames,
  { lambda }: Aws,
): Promise<readonly string[]> => {
  const names = [];
  for await (const page of paginateListFunctions({ client: lambda }, {}))
    for (const { FunctionName = '', Role = '' } of page.Functions ?? [])
      if (Role.endsWith(`/${roleName}`) && FunctionName !== functionName) names.push(FunctionName);
  return names;
};

/** Reads everything in parallel, each part until its deadline. */
export const readFunctionFacts = async (
  names: FunctionNames,
  aws: Aws,
  { factsMs, neighboursMs }: Deadlines,
): Promise<FunctionReads> => {
  const [configuration, role, neighbours] = await Promise.all([
    attempt(factsMs, readFunction(names.functionName, aws)),
    attempt(factsMs, readRole(names.roleName, aws)),
    attempt(neighboursMs, readNeighbours(names, aws)),
  ]);
  return { function: configuration, role, neighbours };
};

/** `sole` only when it is certain that no other function and no other principal uses the role. */
export const sharingOf = ({
  role,
  neighbours,
}: Pick<FunctionReads, 'role' | 'neighbours'>): Sharing => {
  if (role.ok && role.value.otherTrust.length > 0) return 'shared';
  if (neighbours.ok && neighbours.value.length > 0) return 'shared';
  return role.ok && neighbours.ok ? 'sole' : 'unknown';
};

/**
 * Compares the finding with the account. Without this check a forged finding could have Cordon
 * contain a role that does not belong to the function.
 */
const contradictionOf = (
  { claimed, functionName, roleName }: NamedFunction,
  configuration: FunctionFacts,
  role: RoleFacts,
): string | null => {
  if (configuration.roleArn !== role.arn)
    return `${functionName} does not run with the role ${roleName}`;
  if (claimed.roleArn && claimed.roleArn !== role.arn)
    return `the finding’s role ARN is not the ARN of ${roleName}`;
  if (claimed.roleId && claimed.roleId !== role.id)
    return (
      `the finding’s role id is not that of ${roleName}: ` +
      'the role may have been deleted and made again'
    );
  return null;
};

const confirmedOf = (named: NamedFunction, reads: FunctionReads): Confirmed | null => {
  if (!reads.function.ok || !reads.role.ok) return null;
  const [configuration, role] = [reads.function.value, reads.role.value];
  const { functionName, roleName } = named;
  return {
    suspect: { kind: 'function', functionName, roleName, sharing: sharingOf(reads) },
    arns: [role.arn, configuration.arn],
    tags: [configuration.tags, role.tags],
    parts: 'function and role',
    contradiction: contradictionOf(named, configuration, role),
    proof: 'the role is proven to belong to the function',
  };
};

/** What the reads say about the function that a finding names. Pure. */
export const functionFacts = (named: NamedFunction, reads: FunctionReads): Facts => ({
  reads: { function: reads.function, role: reads.role },
  confirmed: confirmedOf(named, reads),
  code: reads.function.ok ? reads.function.value.codeSha256 : undefined,
});

/** A function with its role. The sharing of the role decides which responders have targets. */
export const functionKind: SuspectKind = {
  calls: [
    { on: 'lambda:function:*', may: ['GetFunction'] },
    { on: 'lambda:*', may: ['ListFunctions'] },
    { on: 'iam:role/*', may: ['GetRole'] },
  ],

  callers: functionCallers,

  possible: (named) => {
    if (named.kind !== 'function') return [];
    const { kind, functionName, roleName } = named;
    return (['sole', 'shared'] as const).map((sharing) => ({
      kind,
      functionName,
      roleName,
      sharing,
    }));
  },

  facts: (named, aws, deadlines) =>
    named.kind === 'function'
      ? readFunctionFacts(named, aws, deadlines).then((reads) => functionFacts(named, reads))
      : undefined,
};
