import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { Named } from '../finding/identify.ts';
import type { Sharing } from '../incident/incident.ts';
import { attempt, type Read } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { at, isRecord } from '../shared/json.ts';

export interface FunctionFacts {
  readonly arn: string;
  readonly roleArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Of the newest code, in base64. */
  readonly codeSha256?: string | undefined;
}

export interface RoleFacts {
  readonly arn: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Who besides Lambda may assume the role. */
  readonly otherTrust: readonly string[];
}

export interface Facts {
  readonly function: Read<FunctionFacts>;
  readonly role: Read<RoleFacts>;
  /** The other functions that run with the role. */
  readonly neighbours: Read<readonly string[]>;
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
 * Principals of a trust policy other than the Lambda service. A policy that cannot be read counts
 * as one.
 */
const otherTrust = (document: string | undefined): string[] => {
  try {
    const parsed: unknown = JSON.parse(decodeURIComponent(document ?? ''));
    const principals = listed(at(parsed, 'Statement')).map((statement) =>
      at(statement, 'Principal'),
    );
    return principals
      .flatMap((principal) =>
        isRecord(principal) ? Object.values(principal).flatMap(listed) : [principal],
      )
      .map(String)
      .filter((principal) => principal !== 'lambda.amazonaws.com');
  } catch {
    return ['a trust policy that could not be read'];
  }
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

const readNeighbours = async (
  { functionName, roleName }: Named,
  { lambda }: Aws,
): Promise<readonly string[]> => {
  const names = [];
  for await (const page of paginateListFunctions({ client: lambda }, {}))
    for (const { FunctionName = '', Role = '' } of page.Functions ?? [])
      if (Role.endsWith(`/${roleName}`) && FunctionName !== functionName) names.push(FunctionName);
  return names;
};

export interface Deadlines {
  readonly factsMs: number;
  /** Shorter: a big account takes long to list, and not knowing has a safe answer. */
  readonly neighboursMs: number;
}

/** One round of reads, all at once. */
export const readFacts = async (
  named: Named,
  aws: Aws,
  { factsMs, neighboursMs }: Deadlines,
): Promise<Facts> => {
  const [found, role, neighbours] = await Promise.all([
    attempt(factsMs, readFunction(named.functionName, aws)),
    attempt(factsMs, readRole(named.roleName, aws)),
    attempt(neighboursMs, readNeighbours(named, aws)),
  ]);
  return { function: found, role, neighbours };
};

/** `sole` only when it is certain: no other function, and nobody but Lambda may assume the role. */
export const sharingOf = ({ role, neighbours }: Facts): Sharing => {
  if (role.ok && role.value.otherTrust.length > 0) return 'shared';
  if (neighbours.ok && neighbours.value.length > 0) return 'shared';
  return role.ok && neighbours.ok ? 'sole' : 'unknown';
};
