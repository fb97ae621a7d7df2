import {
  type AttributeValue,
  BatchGetItemCommand,
  DynamoDBClient,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { canonicalJson } from '../../../../../protected-app/audit/schemas/canonical.ts';
import type { AuditEvent } from '../../../../../protected-app/audit/schemas/event.ts';
import { leafOf } from '../../../../../protected-app/audit/seal/merkle.ts';
import { pendingEvents } from '../../../../../protected-app/audit/seal/pending.ts';
import { dayOf, pendingGroupOf } from '../../../../../protected-app/audit/tables.ts';
import { beyondSafe, sampleEvent } from '../../../../support/protected-app/audit-events.ts';

type TableItem = Readonly<Record<string, AttributeValue>>;

const keyOf = ({ eventId, time }: AuditEvent) => ({
  ...{ event_id: eventId, timestamp: Date.parse(time) },
});

const entryOf = (event: AuditEvent): TableItem => {
  const leaf = leafOf(canonicalJson(event));
  return marshall({
    ...{ ...keyOf(event), leaf, ingestedAt: event.time, pending: pendingGroupOf(leaf) },
  });
};

const itemOf = (event: AuditEvent): TableItem => {
  const { event_id, timestamp } = keyOf(event);
  return marshall({ event_id, timestamp, day: dayOf(timestamp), ...event });
};

/** What the next seal is about where the table holds items that were changed since. */
const pendingWith = async (events: readonly AuditEvent[], items: readonly TableItem[]) => {
  const entries = events.map(entryOf);
  const dynamo = mockClient(DynamoDBClient);
  dynamo.on(QueryCommand).callsFake(({ ExpressionAttributeValues: values }) => ({
    Items: entries.filter(({ pending }) => pending?.S === values[':group'].S),
  }));
  dynamo.on(BatchGetItemCommand).callsFake(({ RequestItems }) => ({
    Responses: RequestItems.ledger ? { ledger: entries } : { events: items },
  }));
  const client = new DynamoDBClient();
  return pendingEvents({ client, events: 'events', ledger: 'ledger' }, 100);
};

const why = 'it is not in the table as it was when it was kept';

it.each<readonly [string, (item: TableItem) => TableItem]>([
  ['a number that JavaScript has not', (item) => ({ ...item, details: { N: beyondSafe } })],
  ['a number of 38 digits', (item) => ({ ...item, details: { N: `1${'0'.repeat(37)}` } })],
  ['another day', (item) => ({ ...item, day: { S: '2020-01-01' } })],
  ['a day that is no text', (item) => ({ ...item, day: { N: beyondSafe } })],
  ['another field', (item) => ({ ...item, outcome: { S: 'failed' } })],
])('an item with %s is one gap, and the others are sealed', async (_words, change) => {
  const [first, second] = [
    sampleEvent({ eventId: 'event-0001' }),
    sampleEvent({ eventId: 'event-0002' }),
  ];

  const pending = await pendingWith([first, second], [change(itemOf(first)), itemOf(second)]);

  expect(pending).toEqual({ events: [second], gaps: [{ what: 'event-0001', why }] });
});

it('an item without a day is that of an earlier release', async () => {
  const event = sampleEvent();
  const { day: _day, ...item } = itemOf(event);
  expect(await pendingWith([event], [item])).toEqual({ events: [event], gaps: [] });
});
