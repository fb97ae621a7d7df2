import { readRole } from '../decide/role-reads.ts';
import { readUser } from '../decide/user-reads.ts';
import { remade } from '../incident/remade.ts';
import type { Suspect } from '../incident/suspect.ts';
import { attempt } from '../shared/attempt.ts';
import type { Aws } from '../shared/aws.ts';

interface KnownIdentity {
  readonly kind: 'role' | 'user';
  readonly name: string;
  readonly id: string;
}

/** The roles and users that were confirmed with their ids, each once. */
const confirmedIds = (suspects: readonly Suspect[]): readonly KnownIdentity[] => {
  const confirmed = suspects.flatMap((suspect): readonly KnownIdentity[] => {
    if ('roleId' in suspect && suspect.roleId !== undefined)
      return [{ kind: 'role', name: suspect.roleName, id: suspect.roleId }];
    if (suspect.kind === 'user' && suspect.userId !== undefined)
      return [{ kind: 'user', name: suspect.userName, id: suspect.userId }];
    return [];
  });
  return [...new Map(confirmed.map((known) => [`${known.kind} ${known.name}`, known])).values()];
};

const readId = async ({ kind, name }: KnownIdentity, aws: Aws): Promise<string> =>
  (kind === 'role' ? await readRole(name, aws) : await readUser(name, aws)).id;

interface Remade {
  /** Each as a change of a drift. */
  readonly changes: readonly string[];
  /** Somebody could not be read, so nobody knows whether it is still who was contained. */
  readonly isUnknown: boolean;
}

/**
 * Finds the roles and users that are not those that were contained. Who was deleted and made again
 * is another principal under the same name: that it is denied says nothing of what was contained,
 * and whoever made it may have attached the policy.
 */
export const remadeSuspects = async (
  suspects: readonly Suspect[],
  aws: Aws,
  deadlineMs: number,
): Promise<Remade> => {
  const reads = await Promise.all(
    confirmedIds(suspects).map(async (known) => ({
      known,
      id: await attempt(deadlineMs, readId(known, aws)),
    })),
  );
  return {
    changes: reads.flatMap(({ known, id }) =>
      id.ok && id.value !== known.id ? [remade(known.kind, known.name, id.value, known.id)] : [],
    ),
    isUnknown: reads.some(({ id }) => !id.ok && !id.missing),
  };
};
