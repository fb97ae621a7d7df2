/** In a drift: a role or user of this name that is not the one that was contained. */
export const remade = (kind: 'role' | 'user', name: string, id: string, was: string): string =>
  `${kind} ${name}, deleted and made again (${id}, before ${was})`;

/** The kind that such a change of a drift is about; the other changes name a responder. */
export const remadeKind = (change: string): 'role' | 'user' | undefined => {
  if (change.startsWith('role ')) return 'role';
  return change.startsWith('user ') ? 'user' : undefined;
};
