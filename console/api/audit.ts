import * as z from 'zod';
import { cursorOf, positionIn } from '../../protected-app/shared/cursor.ts';
import { read } from '../../protected-app/shared/problem.ts';
import type { Mask } from '../../responders/shared/redact.ts';
import { lastMoment, storedEntry } from '../schemas/audit.ts';
import { auditQuery } from '../schemas/requests.ts';
import { auditEntry, auditKeys, dayPrefix } from './audit-read.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import type { Ledger } from './once.ts';

/** As many objects as can be read while the gateway waits. */
const pageSize = 50;

/** What reading the audit needs from outside. */
export interface AuditDeps {
  readonly ledger: Ledger;
  readonly mask: Mask;
  readonly now: () => number;
}

/** An entry that holds no record is shown by its name, which says when it was written. */
const unreadable = (key: string) => {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const at = Number(/^\d+/.exec(name)?.[0] ?? 0);
  return {
    ...{ at: at <= lastMoment ? at : 0, who: '', what: 'unreadable', incident: '' },
    ...{ says: `the entry ${name} cannot be read`, outcome: '', requestId: name },
  };
};

const shownEntry = async ({ ledger, mask }: AuditDeps, key: string): Promise<object> => {
  const entry = await auditEntry(ledger, key, mask);
  return entry && storedEntry.safeParse(entry).success ? entry : unreadable(key);
};

/** `GET /audit`: who read and decided what on a day, in the order of time. */
export const audit = (deps: AuditDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, ['auditors']);
  const { day = new Date(deps.now()).toISOString().slice(0, 10), cursor } = read(
    auditQuery,
    request.query,
    'query',
  );
  const prefix = dayPrefix(day);
  const place = z.string().max(300).startsWith(prefix);
  const after = cursor === undefined ? undefined : positionIn(place, cursor);
  const { keys, hasMore } = await auditKeys(deps.ledger, { prefix, after, limit: pageSize });
  const items = await Promise.all(keys.map((key) => shownEntry(deps, key)));
  const last = keys.at(-1);
  return {
    status: 200,
    body: {
      day,
      items,
      cursor: hasMore && last !== undefined ? cursorOf(last) : null,
    },
  };
};
