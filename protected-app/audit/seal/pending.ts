import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { AuditTables } from '../ingest/keep.ts';
import { canonicalJson } from '../schemas/canonical.ts';
import { type AuditEvent, auditEvent } from '../schemas/event.ts';
import { fieldsOf, storedEvent } from '../stored-event.ts';
import { pendingGroupOf, pendingGroups, pendingIndex } from '../tables.ts';
import { leafOf } from './merkle.ts';

const waitingEntry = z.object({
  event_id: z.string(),
  timestamp: z.number(),
  leaf: z.string(),
  ingestedAt: z.string(),
  seal: z.number().optional(),
});

export type WaitingEntry = z.infer<typeof waitingEntry>;

/** What the next seal is about. */
export interface PendingEvents {
  readonly events: readonly AuditEvent[];
  /** Events that are not, or not as they came: the seal says so instead of holding them. */
  readonly gaps: readonly { readonly what: string; readonly why: string }[];
}

/**
 * The gaps of one seal. Its manifest is kept in one item of DynamoDB (400 KB) until the seal is
 * stored, and a gap takes up to 230 bytes of it; the rest waits for the next seal.
 */
export const mostGaps = 1_000;

const byArrival = (left: WaitingEntry, right: WaitingEntry): number =>
  `${left.ingestedAt} ${left.event_id}` < `${right.ingestedAt} ${right.event_id}` ? -1 : 1;

const inGroup = async (
  { client, ledger }: AuditTables,
  group: string,
  most: number,
): Promise<readonly WaitingEntry[]> => {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: ledger,
      IndexName: pendingIndex,
      KeyConditionExpression: 'pending = :group',
      ExpressionAttributeValues: { ':group': { S: group } },
      Limit: most,
    }),
  );
  return Items.map((item) => waitingEntry.parse(fieldsOf(item)));
};

const batchSize = 100;

/** Reads items by their keys, consistently; what DynamoDB had no time for is asked for again. */
const readItems = async (
  client: DynamoDBClient,
  table: string,
  keys: readonly Readonly<Record<string, string | number>>[],
): Promise<readonly Readonly<Record<string, unknown>>[]> => {
  const items: Record<string, unknown>[] = [];
  for (let from = 0; from < keys.length; from += batchSize) {
    let missing: Record<string, AttributeValue>[] = keys
      .slice(from, from + batchSize)
      .map((key) => marshall(key));
    while (missing.length > 0) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetItemCommand({
          RequestItems: { [table]: { Keys: missing, ConsistentRead: true } },
        }),
      );
      items.push(...(Responses?.[table] ?? []).map(fieldsOf));
      missing = UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return items;
};

/**
 * What the ledger says of some events now. The index lags behind the table, and would give an event
 * to two seals.
 */
export const entriesOf = async (
  { client, ledger }: AuditTables,
  ids: readonly string[],
): Promise<ReadonlyMap<string, WaitingEntry>> => {
  const items = await readItems(
    client,
    ledger,
    ids.map((id) => ({ event_id: id })),
  );
  const entries = items.map((item) => waitingEntry.parse(item));
  return new Map(entries.map((entry) => [entry.event_id, entry]));
};

const leafOfStored = (event: Readonly<Record<string, unknown>>): string | undefined => {
  try {
    return leafOf(canonicalJson(event));
  } catch {
    return undefined; // a value that no event can have: it was changed
  }
};

/** The events without a seal, oldest first; at most as many as said. */
export const pendingEvents = async (tables: AuditTables, most: number): Promise<PendingEvents> => {
  const groups = Array.from({ length: pendingGroups }, (_, index) =>
    inGroup(tables, pendingGroupOf(index.toString(16)), most),
  );
  const listed = (await Promise.all(groups)).flat().sort(byArrival).slice(0, most);
  const now = await entriesOf(
    tables,
    listed.map(({ event_id }) => event_id),
  );
  const waiting = listed.flatMap(({ event_id }) => {
    const entry = now.get(event_id);
    return entry !== undefined && entry.seal === undefined ? [entry] : [];
  });
  const stored = await readItems(
    tables.client,
    tables.events,
    waiting.map(({ event_id, timestamp }) => ({ event_id, timestamp })),
  );
  const byId = new Map(
    stored.map((item) => storedEvent.parse(item)).map(({ id, event }) => [id, event]),
  );
  const gaps: { what: string; why: string }[] = [];
  const events = waiting.flatMap(({ event_id: what, leaf }) => {
    const event = byId.get(what);
    const read = auditEvent.safeParse(event);
    if (event !== undefined && leafOfStored(event) === leaf && read.success) return [read.data];
    const why =
      event === undefined
        ? 'it was kept, and is no longer in the table'
        : 'it is not in the table as it was when it was kept';
    gaps.push({ what, why });
    return [];
  });
  return { events, gaps: gaps.slice(0, mostGaps) };
};
