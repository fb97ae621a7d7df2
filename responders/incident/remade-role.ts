/** In a drift: a role of this name that is not the one that was contained. */
export const remadeRole = (roleName: string, id: string, was: string): string =>
  `role ${roleName}, deleted and made again (${id}, before ${was})`;

/** Whether a change of a drift is such a role; the others name a responder. */
export const isRemadeRole = (change: string): boolean => change.startsWith('role ');
