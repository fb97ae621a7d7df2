import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type AuditEvent, auditEvent } from '../schemas/event.ts';
import { fieldsOf, storedEvent } from '../stored-event.ts';
import { dayIndex, dayOf } from '../tables.ts';
import type { AuditSearch, SearchPlace } from './query.ts';
import type { AuditReader } from './reader.ts';

export interface EventsTable {
  readonly client: DynamoDBClient;
  readonly events: string;
}

export interface EventPage {
  readonly events: readonly AuditEvent[];
  /** Ids of items that are no event any more, and still name a system of the reader. */
  readonly unreadable: readonly string[];
  /** Of the next page; null at the end of the search. A page may have few events, or none. */
  readonly next: string | null;
}

/** What one request may read, so that a filter that fits nothing costs no more than another. */
const mostQueries = 10;
const eventsPerQuery = 500;

/** Equal to a value, or one of several: names and values, and no text of a caller, in a filter. */
const filterOf = ({ filters }: AuditSearch, { systems }: AuditReader) => {
  const wanted: readonly (readonly [path: readonly string[], value: string | undefined])[] = [
    [['producer', 'system'], filters.system],
    [['producer', 'function'], filters.producer],
    [['action'], filters.action],
    [['actor', 'id'], filters.actor],
  ];
  const given = wanted.flatMap(([path, value]) => (value === undefined ? [] : [{ path, value }]));
  const names = new Set(['producer', 'system', ...given.flatMap(({ path }) => path)]);
  const own = systems.map((_, index) => `:own${index}`);
  return {
    FilterExpression: [
      `#producer.#system IN (${own.join(', ')})`,
      ...given.map(
        ({ path }, index) => `${path.map((name) => `#${name}`).join('.')} = :given${index}`,
      ),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [`#${name}`, name])),
    values: {
      ...Object.fromEntries(systems.map((system, index) => [`:own${index}`, system])),
      ...Object.fromEntries(given.map(({ value }, index) => [`:given${index}`, value])),
    },
  };
};

interface QueriedPart {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly after: SearchPlace['after'];
}

/** Events of one day that fit, newest first, and where the next query of the day begins. */
const queryDay = async (
  { client, events }: EventsTable,
  search: AuditSearch,
  reader: AuditReader,
  { day, after }: SearchPlace,
): Promise<QueriedPart> => {
  const { values, ExpressionAttributeNames, ...filter } = filterOf(search, reader);
  const { Items = [], LastEvaluatedKey: last } = await client.send(
    new QueryCommand({
      TableName: events,
      IndexName: dayIndex,
      KeyConditionExpression: '#day = :day AND #timestamp BETWEEN :from AND :until',
      ...filter,
      ExpressionAttributeNames: {
        ...ExpressionAttributeNames,
        ...{ '#day': 'day', '#timestamp': 'timestamp' },
      },
      ExpressionAttributeValues: marshall({
        ...values,
        ...{ ':day': day, ':from': search.from, ':until': search.to - 1 },
      }),
      ScanIndexForward: false,
      Limit: eventsPerQuery,
      ...(after && {
        ExclusiveStartKey: marshall({ event_id: after.id, timestamp: after.at, day }),
      }),
    }),
  );
  const key = last && fieldsOf(last);
  return {
    items: Items.map(fieldsOf),
    after: key && { id: String(key.event_id), at: Number(key.timestamp) },
  };
};

const dayBefore = (day: string): string => dayOf(Date.parse(day) - 1);

/** The place behind what was read; nothing at the end of the search. */
const placeBehind = (
  { from }: AuditSearch,
  day: string,
  after: SearchPlace['after'],
): SearchPlace | undefined => {
  if (after) return { day, after };
  const earlier = dayBefore(day);
  return earlier < dayOf(from) ? undefined : { day: earlier };
};

/** One page of a search, newest first. The systems of the reader are part of every query. */
export const findEvents = async (
  table: EventsTable,
  search: AuditSearch,
  reader: AuditReader,
): Promise<EventPage> => {
  const events: AuditEvent[] = [];
  const unreadable: string[] = [];
  let place: SearchPlace | undefined = search.begin;
  for (let queries = 0; place && queries < mostQueries; queries += 1) {
    const { day } = place;
    const { items, after } = await queryDay(table, search, reader, place);
    place = placeBehind(search, day, after);
    for (const item of items) {
      const { id, timestamp, event } = storedEvent.parse(item);
      const read = auditEvent.safeParse(event);
      if (read.success) events.push(read.data);
      else unreadable.push(id);
      if (events.length + unreadable.length < search.limit) continue;
      const next = search.cursorAt({ day, after: { id, at: timestamp } });
      return { events, unreadable, next };
    }
  }
  return { events, unreadable, next: place ? search.cursorAt(place) : null };
};
