import { isName, parseFunctionArn, parseRoleArn } from '../shared/names.ts';
import { printable } from '../shared/printable.ts';
import type { Finding } from './finding.ts';
import type { SequencePrincipal } from './sequence.ts';

/** A function and its role, as the finding names them. */
export interface NamedFunction {
  readonly kind: 'function';
  readonly functionName: string;
  readonly roleName: string;
  /** The region of the finding. */
  readonly region: string;
  /** The finding says that the function is in this region; else only a call was made there. */
  readonly isThere: boolean;
  /** When the activity began, in epoch milliseconds, as the finding says. */
  readonly since: number | null;
  /** Claims of the finding, compared with the account before anything is changed. */
  readonly claimed: { readonly roleArn?: string; readonly roleId?: string };
}

/** A session of a role, as the finding names it. */
export interface NamedRoleSession {
  readonly kind: 'session';
  readonly roleName: string;
  /** Null where the finding names none. */
  readonly sessionName: string | null;
  /** The region of the finding. */
  readonly region: string;
  readonly since: number | null;
  readonly claimed: { readonly roleArn?: never; readonly roleId: string };
}

/** A user, as the finding names it. */
export interface NamedUser {
  readonly kind: 'user';
  readonly userName: string;
  readonly claimed: { readonly userId: string; readonly roleArn?: never };
}

/** The suspect as the finding names it. The names have passed `isName`, so AWS accepts them. */
export type Named = NamedFunction | NamedRoleSession | NamedUser;

/** Whom a finding names, as far as it can be denied. */
export interface NamedIdentities {
  readonly named: Named;
  /** The others, each once; missing where there are none. */
  readonly others?: readonly Named[];
  /** In words, who is named besides and cannot be denied. */
  readonly besides?: readonly string[];
}

export type Identified = NamedIdentities | { readonly cannot: string };

/** `user deploy`, `session build of role ci`, `function orders` */
export const namesOf = (named: Named): string => {
  if (named.kind === 'user') return `user ${named.userName}`;
  if (named.kind === 'function') return `function ${named.functionName}`;
  const { sessionName, roleName } = named;
  return sessionName === null ? `role ${roleName}` : `session ${sessionName} of role ${roleName}`;
};

const fromLambda = (
  { functionArn, functionName, role }: NonNullable<Finding['lambda']>,
  { account, region, firstSeen }: Finding,
): Identified => {
  const arn = parseFunctionArn(functionArn);
  const roleArn = parseRoleArn(role);
  if (arn?.name !== functionName)
    return {
      cannot: `the function ARN ${printable(functionArn, 80)} does not name ${functionName}`,
    };
  if (arn.account !== account || arn.region !== region)
    return { cannot: 'the function ARN names another account or region than the finding' };
  if (!roleArn) return { cannot: `${printable(role, 80)} is not the ARN of a role` };
  return {
    named: {
      kind: 'function',
      functionName,
      roleName: roleArn.name,
      region,
      isThere: true,
      since: firstSeen,
      claimed: { roleArn: role },
    },
  };
};

/** Where the finding names no identity that Cordon could deny: what a person does instead. */
const notIdentities: Readonly<Record<string, string>> = {
  Root:
    'nothing can be denied to the root user: change its password, delete its access keys, check ' +
    'its MFA devices, and look for what it made',
  FederatedUser:
    'the finding does not name the user from whose key this session was made: find it in ' +
    'CloudTrail (GetFederationToken) and deny that user',
  AWSAccount: 'it is about another account, whose owner must contain it',
  AWSService: 'it is about a service of AWS',
};

/** Sessions have names of the same letters as roles, or the finding names none. */
const isSession = (name: string): boolean => name === '' || isName('role', name);

/** A user, and the sessions made from its keys: GuardDuty gives both the id of the user. */
const fromUser = (principalId: string, userName: string): Identified => {
  if (!isName('role', userName))
    return { cannot: `${printable(userName, 80)} is not the name of a user` };
  if (!/^AIDA[A-Z0-9]{12,}$/.test(principalId))
    return { cannot: `${printable(principalId, 80)} is not the id of a user` };
  return { named: { kind: 'user', userName, claimed: { userId: principalId } } };
};

/** A principal of a session: `AROA…:<session>`. A session of Lambda is named after its function. */
const fromAccessKey = (
  { principalId, userName, userType }: Omit<SequencePrincipal, 'account'>,
  { region, firstSeen }: Pick<Finding, 'region' | 'firstSeen'>,
): Identified => {
  if (userType === 'IAMUser') return fromUser(principalId, userName);
  const [roleId = '', session = '', ...rest] = principalId.split(':');
  if (userType !== 'AssumedRole' && userType !== 'Role')
    return {
      cannot:
        notIdentities[userType] ??
        `Cordon reports findings about ${printable(userType, 40)}, and does not contain them`,
    };
  if (!/^AROA[A-Z0-9]{12,}$/.test(roleId) || rest.length > 0 || !isSession(session))
    return { cannot: `${printable(principalId, 80)} is not a session of a role` };
  if (!isName('role', userName))
    return { cannot: `${printable(userName, 80)} is not the name of a role` };
  return {
    named: {
      kind: 'session',
      sessionName: session === '' ? null : session,
      roleName: userName,
      region,
      since: firstSeen,
      claimed: { roleId },
    },
  };
};

const inSequence = (principal: SequencePrincipal, finding: Finding): Identified =>
  principal.account === null || principal.account === finding.account
    ? fromAccessKey(principal, finding)
    : { cannot: `it acted in account ${printable(principal.account, 20)}` };

const unique = <T>(values: readonly T[]): readonly T[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];

/** Several signals of a sequence come from one identity, which is contained once. */
const fromSequence = (principals: readonly SequencePrincipal[], finding: Finding): Identified => {
  const each = principals.map((principal) => ({
    name: printable(principal.userName, 80),
    identified: inSequence(principal, finding),
  }));
  const [named, ...others] = unique(
    each.flatMap(({ identified }) => ('named' in identified ? identified.named : [])),
  );
  const besides = unique(
    each.flatMap(({ name, identified }) =>
      'cannot' in identified ? `${name} (${identified.cannot})` : [],
    ),
  );
  if (!named)
    return {
      cannot:
        besides.length > 0
          ? `the attack sequence names nobody who can be denied: ${besides.join(', ')}`
          : 'the attack sequence names no credentials',
    };
  return {
    named,
    ...(others.length > 0 && { others }),
    ...(besides.length > 0 && { besides }),
  };
};

/** The names in the resource of a finding, or the reason why there are none. Pure. */
export const identify = (finding: Finding): Identified => {
  if (finding.lambda) return fromLambda(finding.lambda, finding);
  if (finding.sequence) return fromSequence(finding.sequence, finding);
  if (finding.accessKey) return fromAccessKey(finding.accessKey, finding);
  return {
    cannot:
      `Cordon reports findings about ${printable(finding.resourceType, 40)}, ` +
      'and does not contain them',
  };
};
