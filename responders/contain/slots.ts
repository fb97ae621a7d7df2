/**
 * Tags of a shared role that name its quarantined functions. There are three, because each slot
 * takes four statements of a policy that may have 6,144 characters, and because four compromised
 * functions on one role need a person's decision.
 */
export const slots: readonly string[] = [
  'cordon-quarantined-1',
  'cordon-quarantined-2',
  'cordon-quarantined-3',
];
