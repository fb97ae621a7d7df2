import type { Person } from '@kit/session/person.ts';

/** Whether more is shown to this person; the API decides what is allowed. */
export const isAdministrator = ({ groups }: Pick<Person, 'groups'>): boolean =>
  groups.includes('administrators');
