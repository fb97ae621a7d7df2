import {
  AttachUserPolicyCommand,
  DetachUserPolicyCommand,
  paginateListAttachedUserPolicies,
} from '@aws-sdk/client-iam';
import { usersOf } from '../../incident/suspect.ts';
import type { Aws } from '../../shared/aws.ts';
import type { Grant } from '../../shared/grant.ts';
import { quoted } from '../../shared/shell.ts';
import type { Responder } from '../responder.ts';

const isAttached = async (UserName: string, { iam, quarantine }: Aws): Promise<boolean> => {
  for await (const page of paginateListAttachedUserPolicies({ client: iam }, { UserName }))
    if (page.AttachedPolicies?.some(({ PolicyArn }) => PolicyArn === quarantine.user)) return true;
  return false;
};

const grants = (command: string): readonly Grant[] => [
  {
    on: 'iam:user/*',
    may: [command],
    when: { ArnEquals: { 'iam:PolicyARN': '${quarantineUser}' } },
  },
  { on: 'iam:user/*', may: ['ListAttachedUserPolicies'] },
];

const denial = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Deny', Action: '*', Resource: '*' },
});

export const denyUser: Responder<{ readonly alreadyAttached: boolean }> = {
  id: 'contain.deny-user',
  title: 'Deny every action to the user',
  headline: 'the user is denied everything',
  stops:
    'Every AWS call made with a key or the password of the user, and with sessions that were ' +
    'made from them (GetSessionToken, GetFederationToken).',
  leavesOpen:
    'Sessions of roles that the user has assumed, what a resource policy allows to a federated ' +
    'session by its own name, and sts:GetCallerIdentity, which AWS never denies.',
  calls: { contain: grants('AttachUserPolicy'), release: grants('DetachUserPolicy') },

  targets: usersOf,

  byHand: (user) =>
    `aws iam put-user-policy --user-name ${quoted(user)} --policy-name denied-by-hand ` +
    `--policy-document ${quoted(denial)}`,

  before: async (user, aws) => ({ alreadyAttached: await isAttached(user, aws) }),

  apply: async (UserName, { iam, quarantine }) => {
    await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn: quarantine.user }));
  },

  holds: isAttached,

  undo: async (UserName, { alreadyAttached }, aws) => {
    if (alreadyAttached || !(await isAttached(UserName, aws))) return;
    const { iam, quarantine } = aws;
    await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn: quarantine.user }));
  },
};
