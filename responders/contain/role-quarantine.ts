import { DetachRolePolicyCommand, paginateListRoleTags } from '@aws-sdk/client-iam';
import type { Aws } from '../shared/aws.ts';
import { isAttached } from './attached.ts';
import { slots } from './slots.ts';

/** The name of the quarantined function by the slot (tag of the role) that holds it. */
export type TakenSlots = ReadonlyMap<string, string>;

export const readTakenSlots = async (role: string, { iam }: Aws): Promise<TakenSlots> => {
  const taken = new Map<string, string>();
  for await (const page of paginateListRoleTags({ client: iam }, { RoleName: role }))
    for (const { Key = '', Value = '' } of page.Tags ?? [])
      if (slots.includes(Key)) taken.set(Key, Value);
  return taken;
};

/** The quarantine of single functions, as a shared role shows it. */
export interface RoleQuarantine {
  readonly attached: boolean;
  readonly taken: TakenSlots;
}

/** Both reads run in parallel, so they may show two moments of a change by another run. */
export const readRoleQuarantine = async (role: string, aws: Aws): Promise<RoleQuarantine> => {
  const [attached, taken] = await Promise.all([
    isAttached(role, aws.quarantine.function, aws),
    readTakenSlots(role, aws),
  ]);
  return { attached, taken };
};

/** Usually one slot; two after the watches of two incidents tagged the role at the same moment. */
export const slotsOf = (functionName: string, taken: TakenSlots): string[] =>
  slots.filter((slot) => taken.get(slot) === functionName);

export const freeSlot = (taken: TakenSlots): string | undefined =>
  slots.find((slot) => !taken.has(slot));

/** Detaches the policy from the role, where it is attached. */
export const detachPolicy = async (role: string, aws: Aws): Promise<void> => {
  const PolicyArn = aws.quarantine.function;
  if (await isAttached(role, PolicyArn, aws))
    await aws.iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn }));
};
