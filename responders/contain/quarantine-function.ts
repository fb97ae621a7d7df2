import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  paginateListRoleTags,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import { isAttached } from '../core/attached.ts';
import { NoFreeSlotError } from '../core/errors.ts';
import type { Aws, Responder } from '../core/responder.ts';
import { slots } from '../core/slots.ts';

interface Before {
  /** Attached though no slot was in use: not our doing, so it stays. */
  readonly keepPolicy: boolean;
  readonly alreadyTagged: boolean;
}

/** `<role>/<function>`: neither name may contain a slash. */
const parts = (target: string): { role: string; name: string } => {
  const [role = '', name = ''] = target.split('/');
  return { role, name };
};

/** Slot → quarantined function. */
const taken = async (role: string, { iam }: Aws): Promise<Map<string, string>> => {
  const found = new Map<string, string>();
  for await (const page of paginateListRoleTags({ client: iam }, { RoleName: role }))
    for (const { Key = '', Value = '' } of page.Tags ?? []) if (slots.includes(Key)) found.set(Key, Value);
  return found;
};

const slotOf = (name: string, inUse: Map<string, string>) => slots.find((slot) => inUse.get(slot) === name);
const freeSlot = (inUse: Map<string, string>) => slots.find((slot) => !inUse.has(slot));

export const quarantineFunction: Responder<Before> = {
  id: 'contain.quarantine-function',
  title: 'Deny every action to one function of a shared role',
  stops:
    'Every AWS call made in the function’s session of the role, inside Lambda or with credentials carried away. Neighbours keep working.',
  leavesOpen: 'Sessions of the same role under another name, code that is already running, and roles that were assumed from this one.',
  calls: {
    contain: [
      { on: 'iam:role/*', may: ['AttachRolePolicy'], when: { ArnEquals: { 'iam:PolicyARN': '${quarantineFunction}' } } },
      {
        on: 'iam:role/*',
        may: ['TagRole'],
        when: { 'ForAllValues:StringEquals': { 'aws:TagKeys': slots }, Null: { 'aws:TagKeys': 'false' } },
      },
      { on: 'iam:role/*', may: ['ListAttachedRolePolicies', 'ListRoleTags'] },
    ],
    release: [
      { on: 'iam:role/*', may: ['DetachRolePolicy'], when: { ArnEquals: { 'iam:PolicyARN': '${quarantineFunction}' } } },
      {
        on: 'iam:role/*',
        may: ['UntagRole'],
        when: { 'ForAllValues:StringEquals': { 'aws:TagKeys': slots }, Null: { 'aws:TagKeys': 'false' } },
      },
      { on: 'iam:role/*', may: ['ListAttachedRolePolicies', 'ListRoleTags'] },
    ],
  },

  targets: ({ roleName, functionName, sharing }) => (sharing === 'sole' ? [] : [`${roleName}/${functionName}`]),

  before: async (target, aws) => {
    const { role, name } = parts(target);
    const [attached, inUse] = await Promise.all([isAttached(role, aws.quarantine.function, aws), taken(role, aws)]);
    return { keepPolicy: attached && inUse.size === 0, alreadyTagged: slotOf(name, inUse) !== undefined };
  },

  apply: async (target, aws) => {
    const { role, name } = parts(target);
    const inUse = await taken(role, aws);
    if (!slotOf(name, inUse)) {
      const Key = freeSlot(inUse);
      if (!Key) throw new NoFreeSlotError(role, [...inUse.values()]);
      await aws.iam.send(new TagRoleCommand({ RoleName: role, Tags: [{ Key, Value: name }] }));
    }
    await aws.iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: aws.quarantine.function }));
  },

  holds: async (target, aws) => {
    const { role, name } = parts(target);
    const [attached, inUse] = await Promise.all([isAttached(role, aws.quarantine.function, aws), taken(role, aws)]);
    return attached && slotOf(name, inUse) !== undefined;
  },

  undo: async (target, before, aws) => {
    const { role, name } = parts(target);
    const inUse = await taken(role, aws);
    const slot = slotOf(name, inUse);
    if (slot && !before.alreadyTagged) {
      await aws.iam.send(new UntagRoleCommand({ RoleName: role, TagKeys: [slot] }));
      inUse.delete(slot);
    }
    // Another quarantined function of the role still needs the policy.
    if (before.keepPolicy || inUse.size > 0 || !(await isAttached(role, aws.quarantine.function, aws))) return;
    await aws.iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn: aws.quarantine.function }));
  },
};
