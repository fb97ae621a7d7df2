import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type BeforeRecord, type Case, recordOf } from './case.ts';
import { beforeItem, put } from './items.ts';
import { type About, freedKey, incidentKey, incidentOfKey, targetKey } from './keys.ts';
import { partition, type Table } from './table.ts';
import { transact } from './transact.ts';

/**
 * Only as it was read: whoever was left the target meanwhile has a record that is closer to the
 * truth.
 */
const dropHold = ({ name }: Table, id: string, record: BeforeRecord): TransactWriteItem => ({
  Delete: {
    TableName: name,
    Key: { pk: { S: targetKey(record) }, sk: { S: incidentKey(id) } },
    ConditionExpression: 'since = :since',
    ExpressionAttributeValues: { ':since': { N: String(record.since) } },
  },
});

export interface Holder {
  readonly id: string;
  readonly since: number;
}

/** The incidents that need the target contained, earliest first. */
export const holdersOf = async (table: Table, about: About): Promise<Holder[]> => {
  const holds = await partition(table, targetKey(about));
  return holds
    .map(({ sk, since }) => ({
      id: incidentOfKey(String(sk)),
      since: Number(since),
    }))
    .sort((left, right) => left.since - right.since);
};

/**
 * The before-record of a target that this incident holds: after a release it says nothing about
 * now.
 */
export const heldRecord = async (
  table: Table,
  incident: Case,
  about: About,
): Promise<BeforeRecord | undefined> => {
  const holders = await holdersOf(table, about);
  return holders.some(({ id }) => id === incident.head.id) ? recordOf(incident, about) : undefined;
};

/** How a target was when it was last freed. */
export interface Freed {
  readonly at: number;
  readonly before: unknown;
}

export const lastFreed = async (table: Table, about: About): Promise<Freed | undefined> => {
  const [item] = await partition(table, freedKey(about));
  return item && { at: Number(item.at), before: JSON.parse(String(item.before)) as unknown };
};

/**
 * Nobody needs the target contained any more. `false` when this incident was left it again, with an
 * earlier record.
 */
export const freeTarget = (
  table: Table,
  id: string,
  record: BeforeRecord,
  at: number,
): Promise<boolean> =>
  transact(table.dynamo, [
    dropHold(table, id, record),
    put(table, { pk: freedKey(record), sk: 'LAST', at, before: JSON.stringify(record.before) }),
  ]);

/**
 * Leaves the target to another incident. Where that one came later it saw a target that was already
 * contained, and the true before-record becomes its own. `false` when either was released, or was
 * left the target itself, since this was read.
 */
export const handOver = (
  table: Table,
  from: string,
  to: Holder,
  record: BeforeRecord,
): Promise<boolean> => {
  const hold = {
    pk: targetKey(record),
    sk: incidentKey(to.id),
    since: Math.min(record.since, to.since),
  };
  return transact(table.dynamo, [
    put(table, hold, 'attribute_exists(pk)'),
    ...(record.since < to.since ? [beforeItem(table, to.id, record)] : []),
    dropHold(table, from, record),
  ]);
};
