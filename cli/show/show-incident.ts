import { isExpired } from '../../local/expired-drills.ts';
import { caseOf, caseTable, wholeIdOf } from '../../operator/cases.ts';
import { CordonError } from '../../operator/errors.ts';
import { incidentText } from '../../operator/incident-text.ts';
import { incidentView } from '../../operator/incident-view.ts';
import { maskOf, type Place } from '../../operator/place.ts';
import { evidenceBucketOf } from '../../operator/recorded-evidence.ts';
import { holdsWithin } from '../../operator/wait.ts';
import type { Case } from '../../responders/incident/case.ts';
import { isClosed } from '../../responders/incident/stage.ts';
import type { Table } from '../../responders/incident/table.ts';
import { tones } from '../../responders/report/words.ts';
import { UnknownIncidentError } from '../../responders/shared/errors.ts';
import type { ExitCode, Output } from '../output.ts';
import type { ShowDocument } from '../schemas/show.ts';
import { type AwaitedState, closed, type ShowOptions } from './awaited.ts';

const hasReached = ({ head, stages }: Case, wanted: AwaitedState): boolean =>
  wanted === closed ? isClosed(stages) : head.state === wanted;

const waitFor = (
  table: Table,
  id: string,
  wanted: AwaitedState,
  timeout: number,
): Promise<boolean> =>
  holdsWithin(async () => {
    try {
      return hasReached(await caseOf(table, id), wanted);
    } catch (error) {
      if (error instanceof CordonError && error.cause instanceof UnknownIncidentError) return false;
      throw error;
    }
  }, timeout * 1_000);

/** Prints one incident, at once or when it has reached a state. */
export const showIncident = async (
  out: Output,
  place: Place,
  given: string,
  options: ShowOptions,
): Promise<ExitCode> => {
  const table = await caseTable(place);
  const id = await wholeIdOf(table, given);
  const { wait, timeout } = options;
  const isReached = wait === undefined || (await waitFor(table, id, wait, timeout));
  const incident = await caseOf(table, id);
  const view = incidentView(incident, {
    mask: maskOf(place),
    bucket: evidenceBucketOf(place, incident.head),
    expired: isExpired(place, id),
  });
  out.line(incidentText(view, { aws: place.local === null }), tones[view.state]);
  out.document<ShowDocument>(view);
  if (!isReached) out.note(`${id} is ${view.state}, and not ${wait}, after ${timeout} s`);
  return isReached ? 0 : 3;
};
