import type { Responder } from '../responder.ts';
import { slotQuarantine } from '../slot-quarantine.ts';

export const quarantineSession: Responder = {
  id: 'contain.quarantine-session',
  title: 'Deny every action to one session of a role',
  headline: 'the session is denied everything',
  stops:
    'Every AWS call made in sessions of the role with this name: those of an instance, a task or ' +
    'a pod, and those with credentials carried away. Other sessions keep working.',
  leavesOpen:
    'Sessions of the same role under another name, which whoever may assume the role can choose, ' +
    'code that is already running, roles that were assumed from this one, and ' +
    'sts:GetCallerIdentity, which AWS never denies.',

  targets: (suspect) =>
    suspect.kind === 'session' ? [`${suspect.roleName}/${suspect.sessionName}`] : [],

  ...slotQuarantine,
};
