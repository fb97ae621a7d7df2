import { AttachRolePolicyCommand, DetachRolePolicyCommand } from '@aws-sdk/client-iam';
import { isAttached } from '../attached.ts';
import { denyByHand } from '../deny-by-hand.ts';
import type { Responder } from '../responder.ts';

export const quarantineRole: Responder<{ readonly alreadyAttached: boolean }> = {
  id: 'contain.quarantine-role',
  title: 'Deny every action to the role',
  headline: 'the role is denied everything',
  stops: 'Every AWS call made with the role, by its workload or with stolen credentials of it.',
  leavesOpen:
    'Code that is already running, its log lines, open network connections, ' +
    'roles that were assumed from this one, and sts:GetCallerIdentity, which AWS never denies: ' +
    'EKS and Vault take it as proof of who calls.',
  calls: {
    contain: [
      {
        on: 'iam:role/*',
        may: ['AttachRolePolicy'],
        when: { ArnEquals: { 'iam:PolicyARN': '${quarantineRole}' } },
      },
      { on: 'iam:role/*', may: ['ListAttachedRolePolicies'] },
    ],
    release: [
      {
        on: 'iam:role/*',
        may: ['DetachRolePolicy'],
        when: { ArnEquals: { 'iam:PolicyARN': '${quarantineRole}' } },
      },
      { on: 'iam:role/*', may: ['ListAttachedRolePolicies'] },
    ],
  },

  targets: (suspect) =>
    suspect.kind === 'role' || (suspect.kind === 'function' && suspect.sharing === 'sole')
      ? [suspect.roleName]
      : [],

  byHand: (role) => denyByHand(role),

  before: async (role, aws) => ({
    alreadyAttached: await isAttached(role, aws.quarantine.role, aws),
  }),

  apply: async (role, { iam, quarantine }) => {
    await iam.send(new AttachRolePolicyCommand({ RoleName: role, PolicyArn: quarantine.role }));
  },

  holds: (role, aws) => isAttached(role, aws.quarantine.role, aws),

  undo: async (role, { alreadyAttached }, aws) => {
    if (alreadyAttached || !(await isAttached(role, aws.quarantine.role, aws))) return;
    await aws.iam.send(
      new DetachRolePolicyCommand({ RoleName: role, PolicyArn: aws.quarantine.role }),
    );
  },
};
