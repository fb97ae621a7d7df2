import type { NamedFunction, NamedRoleSession } from '../finding/identify.ts';
import type { RoleSuspect, SessionSuspect, Suspect } from '../incident/suspect.ts';
import { type Attempt, attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';
import { isName } from '../shared/names.ts';
import { functionFacts, functionKind } from './function-kind.ts';
import { roleContradiction } from './function-proof.ts';
import { type FunctionReads, readFunctionFacts } from './function-reads.ts';
import { regionsOf } from './function-regions.ts';
import { type RoleFacts, readRole } from './role-reads.ts';
import type { Confirmed, Deadlines, Facts, SuspectKind } from './suspect-kind.ts';

/** A session of a function is named after it. */
const asFunction = ({ sessionName, ...named }: NamedRoleSession): NamedFunction | undefined =>
  sessionName !== null && isName('function', sessionName)
    ? { ...named, kind: 'function', functionName: sessionName, isThere: false }
    : undefined;

/** The session of another service may have the name of a function by chance. */
const isOfLambda = ({ function: configuration, role }: FunctionReads): boolean =>
  !role.ok ||
  role.value.admitsLambda ||
  (configuration.ok && configuration.value.roleArn === role.value.arn);

/** Tags hold the names of denied sessions, and a tag holds no comma. */
const deniableName = ({ sessionName }: NamedRoleSession): string | undefined =>
  sessionName === null || sessionName.includes(',') ? undefined : sessionName;

const sessionOrRole = (
  named: NamedRoleSession,
): { readonly session?: SessionSuspect; readonly role: RoleSuspect } => {
  const { roleName } = named;
  const sessionName = deniableName(named);
  return {
    ...(sessionName !== undefined && { session: { kind: 'session', roleName, sessionName } }),
    role: { kind: 'role', roleName },
  };
};

/** Why a person decides about a session; `undefined` where Cordon may. */
const asksOf = ({ roleName }: NamedRoleSession, { usedBy }: RoleFacts, suspect: Suspect) => {
  if (usedBy === 'people') return `people sign in with role ${roleName}`;
  return suspect.kind === 'role' && usedBy !== 'pod'
    ? `the session has no name that could be denied alone, and a yes denies role ${roleName}`
    : undefined;
};

/**
 * The role as a whole where one pod alone has it, because a pod chooses the names of its sessions.
 * Of any other role nothing proves that one workload has it alone: then its session is denied.
 */
const confirmedOf = (named: NamedRoleSession, role: Attempt<RoleFacts>): Confirmed | null => {
  if (!role.ok) return null;
  const { arn, id: roleId, tags, usedBy } = role.value;
  const suspects = sessionOrRole(named);
  const chosen = usedBy === 'pod' ? suspects.role : (suspects.session ?? suspects.role);
  const suspect = { ...chosen, roleId };
  const asks = asksOf(named, role.value, suspect);
  return {
    suspect,
    arns: [arn],
    tags: [tags],
    parts: 'role',
    contradiction: roleContradiction(named, role.value),
    proof:
      'the role is proven by its id' +
      (usedBy === 'pod' ? ', and one service account alone may assume it' : ''),
    ...(asks !== undefined && { asks }),
  };
};

/** A name that no function can have needs no reads of functions. */
type SessionReads = FunctionReads | Pick<FunctionReads, 'role'>;

/** What the reads say about the session that a finding names. Pure. */
export const sessionFacts = (named: NamedRoleSession, reads: SessionReads): Facts => {
  const lambda = asFunction(named);
  return lambda && 'function' in reads && isOfLambda(reads)
    ? functionFacts(lambda, reads)
    : { reads: { role: reads.role }, confirmed: confirmedOf(named, reads.role), code: undefined };
};

const readSession = async (
  named: NamedRoleSession,
  aws: Aws,
  deadlines: Deadlines,
): Promise<SessionReads> => {
  const lambda = asFunction(named);
  return lambda
    ? readFunctionFacts({ ...lambda, regions: regionsOf(lambda, aws) }, aws, deadlines)
    : { role: await attempt(deadlines.factsMs, readRole(named.roleName, aws)) };
};

/** A session of a role: of a function, an instance, a task, a pod or a person. */
export const sessionKind: SuspectKind = {
  calls: [{ on: 'iam:role/*', may: ['GetRole'] }],

  possible: (named, aws) => {
    if (named.kind !== 'session') return [];
    const lambda = asFunction(named);
    return [
      ...(lambda ? functionKind.possible(lambda, aws) : []),
      ...Object.values(sessionOrRole(named)),
    ];
  },

  facts: (named, aws, deadlines) =>
    named.kind === 'session'
      ? readSession(named, aws, deadlines).then((reads) => sessionFacts(named, reads))
      : undefined,
};
