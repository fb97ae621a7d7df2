import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { getItem, transact } from '../../shared/table.ts';
import { canonicalJson } from '../schemas/canonical.ts';
import type { AuditEvent } from '../schemas/event.ts';
import { leafOf } from '../seal/merkle.ts';
import { dayOf, pendingGroupOf } from '../tables.ts';
import { RefusedMessage } from './message.ts';

export interface AuditTables {
  readonly client: DynamoDBClient;
  /** The events themselves: written once, and never changed. */
  readonly events: string;
  /** One entry for each id: which content it has, and which seal. */
  readonly ledger: string;
}

const ledgerEntry = z.object({ leaf: z.string() });

/** The item of an event: the keys of the table and its index beside the fields of the event. */
const itemOf = (event: AuditEvent) => {
  const timestamp = Date.parse(event.time);
  return { event_id: event.eventId, timestamp, day: dayOf(timestamp), ...event };
};

/**
 * Keeps an event under its id. The key of `events` has the time beside the id, so the entry of the
 * ledger is what makes an id unique; both are written, or none. The same event again is no news.
 */
export const keepEvent = async (
  { client, events, ledger }: AuditTables,
  event: AuditEvent,
  now: number,
): Promise<'kept' | 'known'> => {
  const leaf = leafOf(canonicalJson(event));
  const entry = {
    event_id: event.eventId,
    timestamp: Date.parse(event.time),
    leaf,
    ingestedAt: new Date(now).toISOString(),
    pending: pendingGroupOf(leaf),
  };
  const put = (table: string, item: Readonly<Record<string, unknown>>) => ({
    Put: {
      TableName: table,
      Item: marshall(item, { removeUndefinedValues: true }),
      ConditionExpression: 'attribute_not_exists(event_id)',
    },
  });
  const refusals = await transact(client, [
    { label: 'entry', write: put(ledger, entry) },
    { label: 'event', write: put(events, itemOf(event)) },
  ]);
  if (refusals.length === 0) return 'kept';
  const known = await getItem(ledgerEntry, { client, name: ledger }, { event_id: event.eventId });
  if (known?.leaf === leaf) return 'known';
  if (known === undefined) throw new Error(`event ${event.eventId} is there without its entry`);
  throw new RefusedMessage('another event with other content has its id');
};
