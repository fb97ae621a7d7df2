import type { NamedFunction } from '../finding/identify.ts';
import type { FunctionReads } from './function-reads.ts';
import type { RoleFacts } from './role-reads.ts';
import type { Confirmed } from './suspect-kind.ts';

/** The function was deleted. */
export const isGone = ({ function: read }: FunctionReads): boolean => !read.ok && read.missing;

/** Whether the role with this name is the one that the finding means. */
export const roleContradiction = (
  { claimed, roleName }: Pick<NamedFunction, 'claimed' | 'roleName'>,
  role: RoleFacts,
): string | null => {
  if (claimed.roleArn && claimed.roleArn !== role.arn)
    return `the finding’s role ARN is not the ARN of ${roleName}`;
  if (claimed.roleId && claimed.roleId !== role.id)
    return (
      `the finding’s role id is not that of ${roleName}: ` +
      'the role may have been deleted and made again'
    );
  return null;
};

/** A deleted function cannot be asked for its role: the finding and the role must prove it. */
const goneContradiction = (
  { claimed, since, functionName, roleName }: NamedFunction,
  role: RoleFacts,
): string | null => {
  if (!role.admitsLambda)
    return `there is no function ${functionName}, and no function may run with ${roleName}`;
  if (claimed.roleId) return null;
  return since !== null && role.createdAt !== null && role.createdAt < since
    ? null
    : `${functionName} does not exist, and ${roleName} may be younger than the activity`;
};

type Proof = Pick<Confirmed, 'contradiction' | 'proof'>;

/**
 * Compares the finding with the account. Without this check a forged finding could have Cordon
 * contain a role that does not belong to the function. The id of a role with the name of a session
 * proves the role by itself: an intruder may have deleted the function, or moved it to another
 * role.
 */
export const proofOf = (named: NamedFunction, reads: FunctionReads, role: RoleFacts): Proof => {
  const { claimed, functionName, roleName } = named;
  const contradiction = roleContradiction(named, role);
  if (contradiction) return { contradiction, proof: '' };
  const absent = named.isThere
    ? 'the function does not exist any more'
    : `no region of this deployment has the function ${functionName}`;
  const by = claimed.roleId
    ? 'the role is proven by its id'
    : 'the role is older than the activity';
  if (!reads.function.ok)
    return {
      contradiction: goneContradiction(named, role),
      proof: `${by}; ${absent}, so only its role is contained`,
    };
  if (reads.function.value.roleArn === role.arn)
    return { contradiction: null, proof: 'the role is proven to belong to the function' };
  return claimed.roleId
    ? {
        contradiction: null,
        proof: `${by}; ${functionName} runs with another role now, which is not touched`,
      }
    : { contradiction: `${functionName} does not run with the role ${roleName}`, proof: '' };
};
