import { isIncidentId } from '../incident/incident-id.ts';
import { oneOf, textOf } from '../incident/input.ts';
import { claimTelling } from '../incident/records.ts';
import type { Table } from '../incident/table.ts';
import type { QueuedNotice } from '../report/digest.ts';
import { refusedLetter, refusedRequests } from '../report/refused-mail.ts';
import type { CommandScope } from '../report/words.ts';
import { textAt } from '../shared/json.ts';

/** A flood of forged requests is one mail in this time; the first is told at once. */
const refusalsMs = 10 * 60_000;

/**
 * Tells that somebody was not believed; nothing where it was told just before. The sentences are
 * Cordon's; the input names no text.
 */
export const refusalNotice = async (
  input: unknown,
  { table, place }: { readonly table: Table; readonly place: CommandScope },
): Promise<QueuedNotice | undefined> => {
  const what = oneOf(input, 'what', refusedRequests);
  const [id, execution] = [textAt(input, 'incidentId'), textOf(input, 'execution', 400)];
  const incident = id !== null && isIncidentId(id) ? id : null;
  const now = Date.now();
  const about = `${what}-${incident ?? 'unnamed'}`;
  const claim = { what: `refused-${about}`, by: execution, now, everyMs: refusalsMs };
  if (!(await claimTelling(table, claim))) return undefined;
  const letter = refusedLetter({ what, incident, why: textOf(input, 'why'), execution }, place);
  return { ...letter, incident: about, kind: 'refused', round: 0, at: now };
};
