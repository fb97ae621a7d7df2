import { GetRoleCommand } from '@aws-sdk/client-iam';
import type { Aws } from '../shared/aws.ts';
import { at, decodedUri, isRecord, jsonIn } from '../shared/json.ts';

export interface RoleFacts {
  readonly arn: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  /** In epoch milliseconds. */
  readonly createdAt: number | null;
  /** Whether functions may run with it. */
  readonly admitsLambda: boolean;
  /** The principals besides Lambda that may assume the role. */
  readonly otherTrust: readonly string[];
  /** `people`: they sign in with it. `pod`: one service account of a cluster alone has it. */
  readonly usedBy: 'people' | 'pod' | null;
}

const listed = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const lambdaService = 'lambda.amazonaws.com';

const principalsOf = (statement: unknown): readonly string[] => {
  const principal = at(statement, 'Principal');
  return (isRecord(principal) ? Object.values(principal).flatMap(listed) : [principal]).map(String);
};

/** The service accounts that a statement names exactly: `system:serviceaccount:shop:orders`. */
const subjectsOf = (statement: unknown): readonly unknown[] => {
  const equals = at(statement, 'Condition.StringEquals');
  return Object.entries(isRecord(equals) ? equals : {})
    .filter(([key]) => key.endsWith(':sub'))
    .flatMap(([, subjects]) => listed(subjects));
};

/** Identity Center begins the names of its roles with this. */
const ofIdentityCenter = /^AWSReservedSSO_/;

const usedByOf = (roleName: string, statements: readonly unknown[]): RoleFacts['usedBy'] => {
  const principals = statements.flatMap(principalsOf);
  if (ofIdentityCenter.test(roleName) || principals.some((arn) => arn.includes(':saml-provider/')))
    return 'people';
  const isOnePod =
    statements.length === 1 &&
    principals.length === 1 &&
    principals.every((arn) => arn.includes(':oidc-provider/')) &&
    statements.flatMap(subjectsOf).length === 1;
  return isOnePod ? 'pod' : null;
};

/**
 * Who may assume a role. An unreadable trust policy counts as one that admits Lambda and another
 * principal.
 */
const trustOf = (
  roleName: string,
  document = '',
): Pick<RoleFacts, 'admitsLambda' | 'otherTrust' | 'usedBy'> => {
  const policy = jsonIn(decodedUri(document));
  if (policy === undefined)
    return {
      admitsLambda: true,
      otherTrust: ['a trust policy that could not be read'],
      usedBy: null,
    };
  const statements = listed(at(policy, 'Statement'));
  const principals = statements.flatMap(principalsOf);
  return {
    admitsLambda: principals.includes(lambdaService),
    otherTrust: principals.filter((principal) => principal !== lambdaService),
    usedBy: usedByOf(roleName, statements),
  };
};

export const readRole = async (RoleName: string, { iam }: Aws): Promise<RoleFacts> => {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
  const tags = Object.fromEntries(
    (Role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
  );
  return {
    arn: Role?.Arn ?? '',
    id: Role?.RoleId ?? '',
    tags,
    createdAt: Role?.CreateDate?.getTime() ?? null,
    ...trustOf(RoleName, Role?.AssumeRolePolicyDocument),
  };
};
