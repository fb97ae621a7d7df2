import { type AttributeValue, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, it } from 'vitest';
import { searchOf } from '../../../../../protected-app/audit/api/query.ts';
import type { AuditReader } from '../../../../../protected-app/audit/api/reader.ts';
import { findEvents } from '../../../../../protected-app/audit/api/search.ts';
import { beyondSafe, sampleEvent } from '../../../../support/protected-app/audit-events.ts';

const now = Date.parse('2026-12-01T10:00:00.000Z');
const reader: AuditReader = { id: 'arn:aws:iam::1:role/A', systems: ['cordon'] };

it('asks for the systems of its reader in every query, and stops after ten', async () => {
  const mock = mockClient(DynamoDBClient);
  const key = marshall({ event_id: 'event-0001', timestamp: 7, day: '2026-12-01' });
  mock.on(QueryCommand).resolves({ Items: [], LastEvaluatedKey: key });
  const search = searchOf({ system: 'protected-app', actor: 'token-0001' }, reader, now);

  const page = await findEvents({ client: new DynamoDBClient(), events: 'events' }, search, reader);

  const queries = mock.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input);
  expect(queries).toHaveLength(10);
  for (const { FilterExpression, ExpressionAttributeValues } of queries) {
    expect(FilterExpression).toBe(
      '#producer.#system IN (:own0) AND #producer.#system = :given0 AND #actor.#id = :given1',
    );
    expect(ExpressionAttributeValues).toMatchObject({ ':own0': { S: 'cordon' } });
  }
  expect(page).toMatchObject({ events: [], unreadable: [], next: expect.any(String) });
});

const pageOf = async (item: Readonly<Record<string, AttributeValue>>) => {
  mockClient(DynamoDBClient)
    .on(QueryCommand)
    .resolvesOnce({ Items: [item] })
    .resolves({});
  const table = { client: new DynamoDBClient(), events: 'events' };
  return findEvents(table, searchOf({}, reader, now), reader);
};

it('reads no item whose day was changed', async () => {
  const event = sampleEvent({ eventId: 'event-0001' });
  const withDay = async (day: string) =>
    pageOf(marshall({ event_id: 'event-0001', timestamp: now - 1, day, ...event }));

  expect(await withDay('2026-12-01')).toMatchObject({ events: [event], unreadable: [] });
  expect(await withDay('2026-11-30')).toMatchObject({ events: [], unreadable: ['event-0001'] });
});

it('names what has a number that is none of an event', async () => {
  const event = sampleEvent({ eventId: 'event-0001', details: { row: 1 } });
  const kept = { event_id: 'event-0001', timestamp: now - 1, day: '2026-12-01', ...event };

  const page = await pageOf({ ...marshall(kept), details: { M: { row: { N: beyondSafe } } } });

  expect(page).toMatchObject({ events: [], unreadable: ['event-0001'] });
});

it('ends a page at its limit, and goes through the days of the search', async () => {
  const days: string[] = [];
  const mock = mockClient(DynamoDBClient);
  mock.on(QueryCommand).callsFake((input) => {
    const day = String(input.ExpressionAttributeValues[':day'].S);
    days.push(day);
    const event = sampleEvent({ eventId: `event-of-${day}` });
    const broken = { event_id: `changed-${day}`, timestamp: 1, day, outcome: 'fine' };
    return {
      Items: [{ event_id: event.eventId, timestamp: Date.parse(day), day, ...event }, broken].map(
        (item) => marshall(item, { removeUndefinedValues: true }),
      ),
    };
  });
  const table = { client: new DynamoDBClient(), events: 'events' };
  const query = { from: '2026-11-29T12:00:00Z', to: '2026-12-01T00:00:00Z' };

  const whole = await findEvents(table, searchOf(query, reader, now), reader);

  expect(days).toEqual(['2026-11-30', '2026-11-29']);
  expect(whole.events.map(({ eventId }) => eventId)).toEqual([
    'event-of-2026-11-30',
    'event-of-2026-11-29',
  ]);
  expect(whole.unreadable).toEqual(['changed-2026-11-30', 'changed-2026-11-29']);
  expect(whole.next).toBeNull();
  const short = await findEvents(table, searchOf({ ...query, limit: '1' }, reader, now), reader);
  expect(short.events).toHaveLength(1);
  expect(short.next).not.toBeNull();
});
