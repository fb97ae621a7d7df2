import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isRefused } from '../shared/errors.ts';
import { type BreakerMark, breakerItem } from './breaker.ts';
import type { BeforeRecord, Head } from './case.ts';
import type { Clocks, IncidentState } from './incident.ts';
import { type Claim, claimKey } from './incident-id.ts';
import { absent, beforeItems, put, toItem } from './items.ts';
import { findingKey, headKey, incidentKey } from './keys.ts';
import type { Table } from './table.ts';
import { transact } from './transact.ts';

const unchanged = '#state = :from AND (attribute_not_exists(busyUntil) OR busyUntil = :was)';

const headItem = (head: Head) => ({ pk: incidentKey(head.id), sk: headKey, ...head });

const findingItem = (id: string, updatedAt: number, raw: string) => ({
  pk: incidentKey(id),
  sk: findingKey(updatedAt),
  raw,
});

export interface Opening {
  readonly claim: Claim;
  readonly head: Head;
  readonly raw: string;
  readonly befores: readonly BeforeRecord[];
  /** What the circuit breaker keeps; missing where it has nothing to do with it. */
  readonly breaker: BreakerMark | undefined;
}

/**
 * The one durable write before containment: claim, incident, finding and before-records, all or
 * nothing. `false` when somebody else holds the claim.
 */
export const openIncident = async (
  table: Table,
  { claim, head, raw, befores, breaker }: Opening,
): Promise<boolean> => {
  return transact(table.dynamo, [
    put(table, { pk: claimKey(claim), sk: 'CLAIM', incidentId: head.id }, absent),
    put(table, headItem(head)),
    put(table, findingItem(head.id, head.finding.updatedAt, raw)),
    ...beforeItems(table, head.id, befores),
    ...(breaker ? [breakerItem(table, head.id, Date.parse(head.openedAt), breaker)] : []),
  ]);
};

export interface Reopening {
  readonly head: Head;
  /**
   * Only if the incident is still in this state: two answers or two repeats cannot both contain.
   */
  readonly from: IncidentState;
  readonly befores: readonly BeforeRecord[];
  readonly breaker: BreakerMark | undefined;
  readonly at: number;
}

/** The same durable write for an incident that exists: after an approval, or after new activity. */
export const reopenIncident = async (
  table: Table,
  { head, from, befores, breaker, at }: Reopening,
): Promise<boolean> => {
  const guarded = {
    Put: {
      TableName: table.name,
      Item: toItem(headItem(head)),
      ConditionExpression: '#state = :from',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':from': { S: from } },
    },
  };
  return transact(table.dynamo, [
    guarded,
    ...beforeItems(table, head.id, befores),
    ...(breaker ? [breakerItem(table, head.id, at, breaker)] : []),
  ]);
};

/** The incident that already holds this claim. */
export const incidentOfClaim = async (
  { dynamo, name }: Table,
  claim: Claim,
): Promise<string | undefined> => {
  const Key = { pk: { S: claimKey(claim) }, sk: { S: 'CLAIM' } };
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: name, Key, ConsistentRead: true }),
  );
  return Item?.incidentId?.S;
};

/** A newer version of a finding that is already an incident. */
export const addRevision = async (
  { dynamo, name }: Table,
  id: string,
  updatedAt: number,
  raw: string,
): Promise<boolean> => {
  try {
    await dynamo.send(
      new PutItemCommand({
        TableName: name,
        Item: toItem(findingItem(id, updatedAt, raw)),
        ConditionExpression: absent,
      }),
    );
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};

/**
 * Writes state and clocks of an incident; with `was` only if no run has changed it since that was
 * read, and `false` if one has.
 */
export const update = async (
  { dynamo, name }: Table,
  id: string,
  change: Partial<
    Pick<
      Head,
      | 'state'
      | 'suspect'
      | 'suspects'
      | 'attacker'
      | 'release'
      | 'finding'
      | 'decision'
      | 'timeLimit'
      | 'busyUntil'
      | 'yesesSince'
      | 'news'
      | 'overdue'
      | 'nextLook'
      | 'elsewhere'
      | 'score'
    >
  >,
  clocks: Partial<Clocks> = {},
  was?: Pick<Head, 'state' | 'busyUntil'>,
): Promise<boolean> => {
  const set = Object.entries(change).filter(([, value]) => value !== undefined);
  const ticks = Object.entries(clocks).filter(([, value]) => typeof value === 'number');
  if (set.length + ticks.length === 0) return true;
  const names = [...set, ...ticks].map(([key]) => [`#${key}`, key]);
  const values = [...set, ...ticks].map(([key, value]) => [`:${key}`, value]);
  const assignments = [
    ...set.map(([key]) => `#${key} = :${key}`),
    ...ticks.map(([key]) => `clocks.#${key} = :${key}`),
  ];
  const write = new UpdateItemCommand({
    TableName: name,
    Key: { pk: { S: incidentKey(id) }, sk: { S: headKey } },
    UpdateExpression: `SET ${assignments.join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(was ? [...names, ['#state', 'state']] : names),
    ExpressionAttributeValues: toItem(
      Object.fromEntries(
        was ? [...values, [':from', was.state], [':was', was.busyUntil ?? 0]] : values,
      ),
    ),
    ConditionExpression: was ? unchanged : 'attribute_exists(pk)',
  });
  try {
    await dynamo.send(write);
    return true;
  } catch (error) {
    if (was && isRefused(error)) return false;
    throw error;
  }
};
