import * as z from 'zod';
import { cursorOf, positionIn } from '../../protected-app/shared/cursor.ts';
import { read } from '../../protected-app/shared/problem.ts';
import type { Mask } from '../../responders/shared/redact.ts';
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
  return {
    ...{ at: Number(/^\d+/.exec(name)?.[0] ?? 0), who: '', what: 'unreadable', incident: '' },
    ...{ says: `the entry ${name} cannot be read`, outcome: '', requestId: name },
  };
};

/** `GET /audit`: who read and decided what on a day, in the order of time. */
export const audit =
  ({ ledger, mask, now }: AuditDeps) =>
  async (request: ConsoleRequest) => {
    requireGroup(request, ['auditors']);
    const { day = new Date(now()).toISOString().slice(0, 10), cursor } = read(
      auditQuery,
      request.query,
      'query',
    );
    const prefix = dayPrefix(day);
    const place = z.string().max(300).startsWith(prefix);
    const after = cursor === undefined ? undefined : positionIn(place, cursor);
    const { keys, hasMore } = await auditKeys(ledger, { prefix, after, limit: pageSize });
    const entries = await Promise.all(keys.map((key) => auditEntry(ledger, key, mask)));
    const last = keys.at(-1);
    return {
      status: 200,
      body: {
        day,
        items: entries.map((entry, index) => entry ?? unreadable(keys[index] ?? '')),
        cursor: hasMore && last !== undefined ? cursorOf(last) : null,
      },
    };
  };
