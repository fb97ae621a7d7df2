import { consoleGroups } from '../../operator/console-users.ts';
import type { Table } from '../../responders/incident/table.ts';
import type { Mask } from '../../responders/shared/redact.ts';

/** What showing incidents needs from outside. */
export interface ReadDeps {
  readonly table: Table;
  readonly mask: Mask;
  readonly now: () => number;
}

/** Whoever is in the pool for a reason; a user without a group sees nothing. */
export const everybody = consoleGroups;
