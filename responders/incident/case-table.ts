import {
  GetItemCommand,
  PutItemCommand,
  type TransactWriteItem,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { isRefused } from '../shared/errors.ts';
import {
  type About,
  type BeforeRecord,
  type Case,
  type Head,
  incidentKey,
  type Mail,
  partition,
  recordOf,
  type Stage,
  type Table,
} from './case.ts';
import type { Action, Clocks, IncidentState } from './incident.ts';
import { type Claim, claimKey } from './incident-id.ts';
import { transact } from './transact.ts';

const toItem = (item: object) => marshall(item, { removeUndefinedValues: true });
export const targetKey = ({ responder, target }: About) => `TARGET#${responder}#${target}`;
const freedKey = ({ responder, target }: About) => `FREED#${responder}#${target}`;
const beforeSort = ({ responder, target }: About) => `BEFORE#${responder}#${target}`;
const breakerKey = (at: number) => `BREAKER#${new Date(at).toISOString().slice(0, 13)}`;

const put = ({ name }: Table, item: object, ConditionExpression?: string): TransactWriteItem => ({
  Put: { TableName: name, Item: toItem(item), ...(ConditionExpression && { ConditionExpression }) },
});

const unchanged = '#state = :from AND (attribute_not_exists(busyUntil) OR busyUntil = :was)';
const absent = 'attribute_not_exists(pk)';
const days = (count: number) => count * 86_400;

const beforeItem = (table: Table, id: string, record: BeforeRecord): TransactWriteItem =>
  put(table, {
    pk: incidentKey(id),
    sk: beforeSort(record),
    ...record,
    before: JSON.stringify(record.before),
  });

/**
 * Before-record and hold: who still needs the target contained decides later whether a release may
 * free it.
 */
const beforeItems = (
  table: Table,
  id: string,
  records: readonly BeforeRecord[],
): TransactWriteItem[] =>
  records.flatMap((record) => [
    beforeItem(table, id, record),
    put(table, { pk: targetKey(record), sk: incidentKey(id), since: record.since }),
  ]);

const breakerItem = (table: Table, id: string, at: number): TransactWriteItem =>
  put(table, {
    pk: breakerKey(at),
    sk: incidentKey(id),
    at,
    expiresAt: Math.floor(at / 1000) + days(2),
  });

const headItem = (head: Head) => ({ pk: incidentKey(head.id), sk: 'HEAD', ...head });

const findingItem = (id: string, updatedAt: number, raw: string) => ({
  pk: incidentKey(id),
  sk: `FINDING#${updatedAt}`,
  raw,
});

export interface Opening {
  readonly claim: Claim;
  readonly head: Head;
  readonly raw: string;
  readonly befores: readonly BeforeRecord[];
  /** Counted by the circuit breaker; drills are not. */
  readonly counts: boolean;
}

/**
 * The one durable write before containment: claim, incident, finding and before-records, all or
 * nothing. `false` when somebody else holds the claim.
 */
export const open = async (
  table: Table,
  { claim, head, raw, befores, counts }: Opening,
): Promise<boolean> => {
  return transact(table.dynamo, [
    put(table, { pk: claimKey(claim), sk: 'CLAIM', incidentId: head.id }, absent),
    put(table, headItem(head)),
    put(table, findingItem(head.id, head.finding.updatedAt, raw)),
    ...beforeItems(table, head.id, befores),
    ...(counts ? [breakerItem(table, head.id, Date.parse(head.openedAt))] : []),
  ]);
};

export interface Containing {
  readonly head: Head;
  /**
   * Only if the incident is still in this state: two answers or two repeats cannot both contain.
   */
  readonly from: IncidentState;
  readonly befores: readonly BeforeRecord[];
  readonly counts: boolean;
  readonly at: number;
}

/** The same durable write for an incident that exists: after an approval, or after new activity. */
export const contain = async (
  table: Table,
  { head, from, befores, counts, at }: Containing,
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
    ...(counts ? [breakerItem(table, head.id, at)] : []),
  ]);
};

/** The incident that already holds this claim. */
export const claimed = async (
  { dynamo, name }: Table,
  claim: Claim,
): Promise<string | undefined> => {
  const Key = { pk: { S: claimKey(claim) }, sk: { S: 'CLAIM' } };
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: name, Key, ConsistentRead: true }),
  );
  return Item?.incidentId?.S;
};

/** Automatic containments in the last minutes. */
export const recentContainments = async (
  table: Table,
  now: number,
  minutes: number,
): Promise<number> => {
  const since = now - minutes * 60_000;
  const hours = new Set<string>();
  for (let at = since; at < now + 3_600_000; at += 3_600_000)
    hours.add(breakerKey(Math.min(at, now)));
  const found = await Promise.all([...hours].map((hour) => partition(table, hour)));
  return found.flat().filter(({ at }) => Number(at) >= since).length;
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
    Pick<Head, 'state' | 'suspect' | 'release' | 'finding' | 'decision' | 'busyUntil'>
  >,
  clocks: Partial<Clocks> = {},
  was?: Pick<Head, 'state' | 'busyUntil'>,
): Promise<boolean> => {
  const set = Object.entries(change).filter(([, value]) => value !== undefined);
  const ticks = Object.entries(clocks).filter(([, value]) => typeof value === 'number');
  if (set.length + ticks.length === 0) return true;
  const names = [...set, ...ticks].map(([key]) => [`#${key}`, key]);
  const values = [...set, ...ticks].map(([key, value]) => [`:${key}`, value]);
  const write = new UpdateItemCommand({
    TableName: name,
    Key: { pk: { S: incidentKey(id) }, sk: { S: 'HEAD' } },
    UpdateExpression: `SET ${[...set.map(([key]) => `#${key} = :${key}`), ...ticks.map(([key]) => `clocks.#${key} = :${key}`)].join(', ')}`,
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

/** The latest outcome of each target. */
export const saveActions = async (
  table: Table,
  id: string,
  actions: readonly Action[],
): Promise<void> => {
  if (actions.length === 0) return;
  const items = actions.map((action) =>
    put(table, {
      pk: incidentKey(id),
      sk: `ACTION#${action.responder}#${action.target}`,
      ...action,
    }),
  );
  await transact(table.dynamo, items);
};

/** A before-record for a target that is contained later than the rest. */
export const saveBefore = (table: Table, id: string, record: BeforeRecord): Promise<boolean> =>
  transact(table.dynamo, beforeItems(table, id, [record]));

/** How a stage went, with whatever it wants to be remembered by. */
export const saveStage = ({ dynamo, name }: Table, id: string, stage: Stage) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: incidentKey(id), sk: `STAGE#${stage.name}`, ...stage }),
    }),
  );

/**
 * Remembers that a mail went out; called after it did, so that a crash sends twice rather than
 * never.
 */
export const saveMail = ({ dynamo, name }: Table, id: string, mail: Mail) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: incidentKey(id), sk: `MAIL#${mail.round}#${mail.kind}`, ...mail }),
    }),
  );

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
export const holdersOf = async (table: Table, one: About): Promise<Holder[]> => {
  const holds = await partition(table, targetKey(one));
  return holds
    .map(({ sk, since }) => ({
      id: String(sk).slice(incidentKey('').length),
      since: Number(since),
    }))
    .sort((first, second) => first.since - second.since);
};

/**
 * The before-record of a target that this incident holds: after a release it says nothing about
 * now.
 */
export const heldRecord = async (
  table: Table,
  found: Case,
  one: About,
): Promise<BeforeRecord | undefined> => {
  const holders = await holdersOf(table, one);
  return holders.some(({ id }) => id === found.head.id) ? recordOf(found, one) : undefined;
};

/** How a target was when it was last freed. */
export interface Freed {
  readonly at: number;
  readonly before: unknown;
}

export const lastFreed = async (table: Table, one: About): Promise<Freed | undefined> => {
  const [item] = await partition(table, freedKey(one));
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

/**
 * The token that answers a waiting execution. An item of its own: it is a secret, and no reader of
 * the incident needs it.
 */
export const saveQuestion = ({ dynamo, name }: Table, id: string, token: string) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: `QUESTION#${id}`, sk: 'TOKEN', token }),
    }),
  );
