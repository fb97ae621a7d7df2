import { readRole } from '../decide/role-reads.ts';
import { remadeRole } from '../incident/remade-role.ts';
import type { Suspect } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';

/** The ids of the roles that were confirmed, by name. */
const confirmedIds = (suspects: readonly Suspect[]): ReadonlyMap<string, string> =>
  new Map(
    suspects.flatMap((suspect) =>
      'roleName' in suspect && suspect.roleId !== undefined
        ? [[suspect.roleName, suspect.roleId] as const]
        : [],
    ),
  );

/**
 * The roles that are not those that were contained, each as a change of a drift. A role that was
 * deleted and made again is another principal under the same name: that it is denied says nothing
 * of what was contained, and whoever made it may have attached the policy.
 */
export const remadeRoles = async (
  suspects: readonly Suspect[],
  aws: Aws,
  deadlineMs: number,
): Promise<string[]> => {
  const changes = [...confirmedIds(suspects)].map(async ([roleName, id]) => {
    const role = await attempt(deadlineMs, readRole(roleName, aws));
    return role.ok && role.value.id !== id ? [remadeRole(roleName, role.value.id, id)] : [];
  });
  return (await Promise.all(changes)).flat();
};
