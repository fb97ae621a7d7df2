import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetFunctionCommand, paginateListFunctions } from '@aws-sdk/client-lambda';
import type { Aws } from '../contain/responder.ts';
import { at, isRecord } from '../finding/finding.ts';
import type { Named } from '../finding/identify.ts';
import type { Sharing } from '../incident/incident.ts';
import { asBusy, BusyError, DeadlineError } from '../shared/errors.ts';

/** What was read, or why not. `missing` where AWS says that it does not exist. */
export type Read<T> = { readonly ok: true; readonly value: T } | Unread;

/** `busy`: asked again a moment later, it may well answer. */
export interface Unread {
  readonly ok: false;
  readonly missing: boolean;
  readonly busy: boolean;
  readonly why: string;
}

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

const missingNames = new Set([
  'NoSuchEntityException',
  'NoSuchEntity',
  'ResourceNotFoundException',
]);

/** Waits for an answer no longer than the deadline; an answer that comes later is dropped. */
export const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DeadlineError(ms)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Turns a failure into a value: what cannot be read is a fact too. */
export const attempt = async <T>(ms: number, work: Promise<T>): Promise<Read<T>> => {
  try {
    return { ok: true, value: await within(ms, work) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const busy = error instanceof DeadlineError || asBusy(error) instanceof BusyError;
    return { ok: false, missing: missingNames.has(name), busy, why: `${name}: ${message}` };
  }
};

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
