import { heartbeatSteps } from '../incident/heartbeat.ts';
import { oneOf, textOf } from '../incident/input.ts';
import { claimTelling } from '../incident/records.ts';
import type { Table } from '../incident/table.ts';
import type { QueuedNotice } from '../report/digest.ts';
import { heartbeatLetter } from '../report/heartbeat-mail.ts';
import { jsonIn, textAt } from '../shared/json.ts';
import type { Mask } from '../shared/redact.ts';

/** Whoever may start executions can make many heartbeats fail: one mail in this time. */
const failuresMs = 10 * 60_000;

/** Tells which step of a heartbeat failed; nothing where a failure was told just before. */
export const heartbeatNotice = async (
  input: unknown,
  { table, place }: { readonly table: Table; readonly place: { readonly mask: Mask } },
): Promise<QueuedNotice | undefined> => {
  const execution = textOf(input, 'execution', 400);
  const now = Date.now();
  const claim = { what: 'heartbeat', by: execution, now, everyMs: failuresMs };
  if (!(await claimTelling(table, claim))) return undefined;
  // Lambda puts what a function threw into the cause, as JSON.
  const cause = textAt(input, 'failed.cause') ?? '';
  const letter = heartbeatLetter(
    {
      step: oneOf(input, 'failed.step', heartbeatSteps),
      error: textOf(input, 'failed.error'),
      why: textAt(jsonIn(cause), 'errorMessage') ?? cause,
      execution,
    },
    place.mask,
  );
  return { ...letter, incident: 'heartbeat', kind: 'heartbeat', round: 0, at: now };
};
