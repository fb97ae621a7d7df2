import { AttachRolePolicyCommand, TagRoleCommand, UntagRoleCommand } from '@aws-sdk/client-iam';
import { NoFreeSlotError } from '../shared/errors.ts';
import type { Grant } from '../shared/grant.ts';
import { isAttached } from './attached.ts';
import { denyByHand } from './deny-by-hand.ts';
import type { Responder } from './responder.ts';
import {
  detachPolicy,
  freeSlot,
  readRoleQuarantine,
  readTakenSlots,
  slotsOf,
} from './role-quarantine.ts';
import { slots } from './slots.ts';

interface Before {
  /** The policy was attached although no slot was taken: Cordon did not attach it, so it stays. */
  readonly keepPolicy: boolean;
  readonly alreadyTagged: boolean;
}

/** Splits `<role>/<session>`; neither name may contain a slash. */
const namesIn = (target: string): { role: string; name: string } => {
  const [role = '', name = ''] = target.split('/');
  return { role, name };
};

const policyGrant = (command: string): Grant => ({
  on: 'iam:role/*',
  may: [command],
  when: { ArnEquals: { 'iam:PolicyARN': '${quarantineFunction}' } },
});

const slotGrant = (command: string): Grant => ({
  on: 'iam:role/*',
  may: [command],
  when: {
    'ForAllValues:StringEquals': { 'aws:TagKeys': slots },
    Null: { 'aws:TagKeys': 'false' },
  },
});

const readGrant: Grant = { on: 'iam:role/*', may: ['ListAttachedRolePolicies', 'ListRoleTags'] };

/**
 * Denies one session name of a role, by a slot of the role. The name of a function’s session is
 * that of the function.
 */
export const slotQuarantine: Pick<
  Responder<Before>,
  'calls' | 'byHand' | 'before' | 'apply' | 'holds' | 'undo'
> = {
  calls: {
    contain: [policyGrant('AttachRolePolicy'), slotGrant('TagRole'), readGrant],
    release: [policyGrant('DetachRolePolicy'), slotGrant('UntagRole'), readGrant],
  },

  byHand: (target) => {
    const { role, name } = namesIn(target);
    return denyByHand(role, name);
  },

  before: async (target, aws) => {
    const { role, name } = namesIn(target);
    const { attached, taken } = await readRoleQuarantine(role, aws);
    // A policy without slots may also be the moment at which another function of the role is being
    // quarantined or freed. Then a second read shows a slot, or no policy.
    const keepPolicy =
      attached &&
      taken.size === 0 &&
      (await readTakenSlots(role, aws)).size === 0 &&
      (await isAttached(role, aws.quarantine.function, aws));
    // A slot without the policy denies nothing: an intruder set it, so a release takes it.
    return { keepPolicy, alreadyTagged: attached && slotsOf(name, taken).length > 0 };
  },

  apply: async (target, aws) => {
    const { role, name } = namesIn(target);
    const taken = await readTakenSlots(role, aws);
    if (slotsOf(name, taken).length === 0) {
      const Key = freeSlot(taken);
      if (!Key) throw new NoFreeSlotError(role, [...taken.values()]);
      await aws.iam.send(new TagRoleCommand({ RoleName: role, Tags: [{ Key, Value: name }] }));
    }
    await aws.iam.send(
      new AttachRolePolicyCommand({ RoleName: role, PolicyArn: aws.quarantine.function }),
    );
  },

  holds: async (target, aws) => {
    const { role, name } = namesIn(target);
    const { attached, taken } = await readRoleQuarantine(role, aws);
    return attached && slotsOf(name, taken).length > 0;
  },

  undo: async (target, before, aws) => {
    const { role, name } = namesIn(target);
    const taken = await readTakenSlots(role, aws);
    const ownSlots = before.alreadyTagged ? [] : slotsOf(name, taken);
    // Detach before untagging: other incidents would take a policy without slots for a stranger’s.
    if (!before.keepPolicy && ownSlots.length === taken.size) await detachPolicy(role, aws);
    if (ownSlots.length > 0)
      await aws.iam.send(new UntagRoleCommand({ RoleName: role, TagKeys: ownSlots }));
    // When two functions of the role are freed at once, each run may have seen the slot of the
    // other and left the policy: check again.
    if (!before.keepPolicy && (await readTakenSlots(role, aws)).size === 0)
      await detachPolicy(role, aws);
  },
};
