/**
 * Tags of a shared role that name its quarantined functions. Three, because each slot is two
 * statements of a policy that may hold 6,144 characters, and because four compromised functions on
 * one role need a person.
 */
export const slots: readonly string[] = [
  'cordon-quarantined-1',
  'cordon-quarantined-2',
  'cordon-quarantined-3',
];
