import {
  NoSuchEntityException,
  paginateListAccessKeys,
  type StatusType,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { usersOf } from '../../incident/suspect.ts';
import type { Aws } from '../../shared/aws.ts';
import { quoted } from '../../shared/shell.ts';
import type { Responder } from '../responder.ts';

interface SavedKey {
  readonly id: string;
  readonly active: boolean;
}

/** In one order, so that equal keys make equal before-records. */
const keysOf = async (UserName: string, { iam }: Aws): Promise<SavedKey[]> => {
  const keys: SavedKey[] = [];
  for await (const page of paginateListAccessKeys({ client: iam }, { UserName }))
    for (const { AccessKeyId = '', Status } of page.AccessKeyMetadata ?? [])
      keys.push({ id: AccessKeyId, active: Status !== 'Inactive' });
  return keys.sort((left, right) => (left.id < right.id ? -1 : 1));
};

/** A key that was deleted since it was listed needs no status. */
const setStatus = async (
  UserName: string,
  AccessKeyId: string,
  Status: StatusType,
  { iam }: Aws,
) => {
  try {
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
  } catch (error) {
    if (!(error instanceof NoSuchEntityException)) throw error;
  }
};

const calls = [{ on: 'iam:user/*', may: ['ListAccessKeys', 'UpdateAccessKey'] }] as const;

export const deactivateAccessKeys: Responder<{ readonly keys: readonly SavedKey[] }> = {
  id: 'contain.deactivate-access-keys',
  title: 'Deactivate the access keys of the user',
  headline: 'its access keys are inactive',
  stops: 'Every AWS call signed with an access key of the user, old or made since.',
  leavesOpen:
    'The console password, SSH keys, certificates and service-specific credentials of the user, ' +
    'and sessions that were made from its keys.',
  leavesOpenWith: {
    responders: ['contain.deny-user'],
    leavesOpen: 'Sessions of roles that the user has assumed.',
  },
  calls: { contain: calls, release: calls },

  targets: usersOf,

  byHand: (user) =>
    `for id in $(aws iam list-access-keys --user-name ${quoted(user)} ` +
    '--query "AccessKeyMetadata[].AccessKeyId" --output text); do aws iam update-access-key ' +
    `--user-name ${quoted(user)} --access-key-id "$id" --status Inactive; done`,

  before: async (user, aws) => ({ keys: await keysOf(user, aws) }),

  apply: async (user, aws) => {
    for (const { id, active } of await keysOf(user, aws))
      if (active) await setStatus(user, id, 'Inactive', aws);
  },

  holds: async (user, aws) => (await keysOf(user, aws)).every(({ active }) => !active),

  // A key that was made since stays inactive: `before` did not have it, so a person decides.
  undo: async (user, before, aws) => {
    const inactive = new Set(
      (await keysOf(user, aws)).filter(({ active }) => !active).map(({ id }) => id),
    );
    for (const { id, active } of before.keys)
      if (active && inactive.has(id)) await setStatus(user, id, 'Active', aws);
  },
};
