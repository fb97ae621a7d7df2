import { paginateListAttachedRolePolicies } from '@aws-sdk/client-iam';
import type { Aws } from '../shared/aws.ts';

/** Whether a managed policy is attached to a role. */
export const isAttached = async (
  role: string,
  policyArn: string,
  { iam }: Aws,
): Promise<boolean> => {
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName: role }))
    if (page.AttachedPolicies?.some((policy) => policy.PolicyArn === policyArn)) return true;
  return false;
};
