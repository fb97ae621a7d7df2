import { csvText } from '../parts/csv.ts';
import type { ShownEvent } from './shown-event.ts';

/** The first three are those that Timesketch wants; it shows whatever comes behind them. */
const columns = [
  ...['message', 'datetime', 'timestamp_desc'],
  ...['lane', 'actor', 'action', 'outcome', 'source_ip', 'access_key', 'resources', 'event_id'],
];

/** Timesketch’s documents write the zone as an offset. */
const datetime = (at: string): string => at.replace(/(\.\d+)?Z$/, '+00:00');

const messageOf = (event: ShownEvent): string => {
  const { action, actor, count, isDecision, outcome, resources, says, sourceIp } = event;
  if (isDecision) return `${action} by ${actor}: ${says}`;
  const times = count > 1 ? ` (${count} times)` : '';
  const about = resources.length > 0 ? ` on ${resources.slice(0, 3).join(' ')}` : '';
  const from = sourceIp === '' ? '' : ` from ${sourceIp}`;
  return `${action}${times}${about} by ${actor}${from}: ${outcome}`;
};

const timeOf = ({ isDecision, lane }: ShownEvent): string => {
  if (!isDecision) return 'CloudTrail event time';
  return lane === 'people' ? 'Decision of a person' : 'End of a time limit';
};

/** One line for each event, as Timesketch takes it. */
export const csvOf = (events: readonly ShownEvent[]): string =>
  csvText(
    columns,
    events.map((event) => [
      messageOf(event),
      datetime(event.at),
      timeOf(event),
      ...[event.lane, event.actor, event.action, event.outcome, event.sourceIp, event.key],
      ...[event.resources.join(' '), event.id],
    ]),
  );
