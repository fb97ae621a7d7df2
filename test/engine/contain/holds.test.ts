import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clientConfig } from '../../../local/engine/clients.ts';
import type { Engine } from '../../../local/engine/start.ts';
import type { BeforeRecord } from '../../../responders/incident/case.ts';
import { handOver, holdersOf } from '../../../responders/incident/holds.ts';
import { saveBefore } from '../../../responders/incident/records.ts';
import type { Table } from '../../../responders/incident/table.ts';
import { engineAlone } from '../../support/engine/deployed.ts';

let engine: Engine;
let table: Table;
beforeAll(async () => {
  engine = await engineAlone();
  table = { dynamo: new DynamoDBClient(clientConfig(engine)), name: 'cases' };
  const keys = { pk: 'HASH', sk: 'RANGE' } as const;
  await table.dynamo.send(
    new CreateTableCommand({
      TableName: table.name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: Object.entries(keys).map(([AttributeName, KeyType]) => ({
        AttributeName,
        KeyType,
      })),
      AttributeDefinitions: Object.keys(keys).map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
    }),
  );
});
afterAll(() => engine?.stop());

it('of two incidents that leave a target to each other at once, one keeps it, and knows how it was', async () => {
  for (let round = 0; round < 10; round += 1) {
    const record = (since: number): BeforeRecord => ({
      responder: 'contain.x',
      target: `t${round}`,
      before: { since },
      order: 0,
      since,
    });
    await saveBefore(table, 'a', record(1));
    await saveBefore(table, 'b', record(2));

    const left = await Promise.all([
      handOver(table, 'a', { id: 'b', since: 2 }, record(1)),
      handOver(table, 'b', { id: 'a', since: 1 }, record(2)),
    ]);

    expect(left.toSorted()).toEqual([false, true]);
    expect(await holdersOf(table, record(1))).toEqual([{ id: left[0] ? 'b' : 'a', since: 1 }]);
  }
});

it('an incident that was left an earlier record meanwhile does not hand on the later one', async () => {
  const record = (since: number): BeforeRecord => ({
    responder: 'contain.x',
    target: 'three',
    before: { since },
    order: 0,
    since,
  });
  for (const [since, id] of ['a', 'b', 'c'].entries()) await saveBefore(table, id, record(since));
  expect(await handOver(table, 'a', { id: 'b', since: 1 }, record(0))).toBe(true);

  expect(await handOver(table, 'b', { id: 'c', since: 2 }, record(1))).toBe(false);
  expect(await handOver(table, 'b', { id: 'c', since: 2 }, record(0))).toBe(true);
  expect(await holdersOf(table, record(0))).toEqual([{ id: 'c', since: 0 }]);
});
