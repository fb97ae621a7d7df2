import {
  AttachRolePolicyCommand,
  DetachRolePolicyCommand,
  paginateListRoleTags,
  TagRoleCommand,
  UntagRoleCommand,
} from '@aws-sdk/client-iam';
import type { Aws } from '../../shared/aws.ts';
import { NoFreeSlotError } from '../../shared/errors.ts';
import { isAttached } from '../attached.ts';
import type { Responder } from '../responder.ts';
import { slots } from '../slots.ts';

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
    for (const { Key = '', Value = '' } of page.Tags ?? [])
      if (slots.includes(Key)) found.set(Key, Value);
  return found;
};

/** Usually one; two where the watches of two incidents put it back at the same moment. */
const slotsOf = (name: string, inUse: Map<string, string>) =>
  slots.filter((slot) => inUse.get(slot) === name);
/** Only where no function of the role needs it any more. */
const detach = async (role: string, aws: Aws): Promise<void> => {
  const PolicyArn = aws.quarantine.function;
  if (await isAttached(role, PolicyArn, aws))
    await aws.iam.send(new DetachRolePolicyCommand({ RoleName: role, PolicyArn }));
};

const freeSlot = (inUse: Map<string, string>) => slots.find((slot) => !inUse.has(slot));

export const quarantineFunction: Responder<Before> = {
  id: 'contain.quarantine-function',
  title: 'Deny every action to one function of a shared role',
  headline: 'the function’s session is denied everything',
  stops:
    'Every AWS call made in the function’s session of the role, inside Lambda or with credentials carried away. Neighbours keep working.',
  leavesOpen:
    'Sessions of the same role under another name, code that is already running, and roles that were assumed from this one.',
  calls: {
    contain: [
      {
        on: 'iam:role/*',
        may: ['AttachRolePolicy'],
        when: { ArnEquals: { 'iam:PolicyARN': '${quarantineFunction}' } },
      },
      {
        on: 'iam:role/*',
        may: ['TagRole'],
        when: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': slots },
          Null: { 'aws:TagKeys': 'false' },
        },
      },
      { on: 'iam:role/*', may: ['ListAttachedRolePolicies', 'ListRoleTags'] },
    ],
    release: [
      {
        on: 'iam:role/*',
        may: ['DetachRolePolicy'],
        when: { ArnEquals: { 'iam:PolicyARN': '${quarantineFunction}' } },
      },
      {
        on: 'iam:role/*',
        may: ['UntagRole'],
        when: {
          'ForAllValues:StringEquals': { 'aws:TagKeys': slots },
          Null: { 'aws:TagKeys': 'false' },
        },
      },
      { on: 'iam:role/*', may: ['ListAttachedRolePolicies', 'ListRoleTags'] },
    ],
  },

  targets: (suspect) =>
    suspect.kind === 'function' && suspect.sharing !== 'sole'
      ? [`${suspect.roleName}/${suspect.functionName}`]
      : [],

  before: async (target, aws) => {
    const { role, name } = parts(target);
    const [attached, inUse] = await Promise.all([
      isAttached(role, aws.quarantine.function, aws),
      taken(role, aws),
    ]);
    // Read at once, the two may show the moment at which another function of the role is
    // quarantined or freed: then one of them differs by now.
    const seen = attached && inUse.size === 0;
    const keepPolicy =
      seen &&
      (await taken(role, aws)).size === 0 &&
      (await isAttached(role, aws.quarantine.function, aws));
    return { keepPolicy, alreadyTagged: slotsOf(name, inUse).length > 0 };
  },

  apply: async (target, aws) => {
    const { role, name } = parts(target);
    const inUse = await taken(role, aws);
    if (slotsOf(name, inUse).length === 0) {
      const Key = freeSlot(inUse);
      if (!Key) throw new NoFreeSlotError(role, [...inUse.values()]);
      await aws.iam.send(new TagRoleCommand({ RoleName: role, Tags: [{ Key, Value: name }] }));
    }
    await aws.iam.send(
      new AttachRolePolicyCommand({ RoleName: role, PolicyArn: aws.quarantine.function }),
    );
  },

  holds: async (target, aws) => {
    const { role, name } = parts(target);
    const [attached, inUse] = await Promise.all([
      isAttached(role, aws.quarantine.function, aws),
      taken(role, aws),
    ]);
    return attached && slotsOf(name, inUse).length > 0;
  },

  undo: async (target, before, aws) => {
    const { role, name } = parts(target);
    const inUse = await taken(role, aws);
    const own = before.alreadyTagged ? [] : slotsOf(name, inUse);
    // The policy goes first: attached without any slot would look to others as if it had been there
    // before us.
    if (!before.keepPolicy && own.length === inUse.size) await detach(role, aws);
    if (own.length > 0) await aws.iam.send(new UntagRoleCommand({ RoleName: role, TagKeys: own }));
    // Of two functions that are freed at once each saw the other’s slot.
    if (!before.keepPolicy && (await taken(role, aws)).size === 0) await detach(role, aws);
  },
};
