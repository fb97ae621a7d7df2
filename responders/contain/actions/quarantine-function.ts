import { sessionNames } from '../../incident/suspect.ts';
import type { Responder } from '../responder.ts';
import { slotQuarantine } from '../slot-quarantine.ts';

export const quarantineFunction: Responder = {
  id: 'contain.quarantine-function',
  title: 'Deny every action to one function of a shared role',
  headline: 'the function’s session is denied everything',
  stops:
    'Every AWS call made in the function’s session of the role, inside Lambda or with ' +
    'credentials carried away. Neighbours keep working.',
  leavesOpen:
    'Sessions of the same role under another name, code that is already running, its log lines, ' +
    'roles that were assumed from this one, and sts:GetCallerIdentity, which AWS never denies: ' +
    'EKS and Vault take it as proof of who calls.',

  targets: (suspect) =>
    suspect.kind === 'function' && suspect.sharing !== 'sole'
      ? sessionNames(suspect).map((name) => `${suspect.roleName}/${name}`)
      : [],

  ...slotQuarantine,
};
