import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { isRefused } from '../shared/errors.ts';
import type { BeforeRecord, Drift, Mail } from './case.ts';
import type { Action } from './incident.ts';
import { beforeItems, put, toItem } from './items.ts';
import {
  actionKey,
  denialsKey,
  driftKey,
  incidentKey,
  mailKey,
  questionKey,
  stageKey,
  toldKey,
} from './keys.ts';
import type { Stage } from './stage.ts';
import type { Table } from './table.ts';
import { transact } from './transact.ts';

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
      sk: actionKey(action),
      ...action,
    }),
  );
  await transact(table.dynamo, items);
};

/** A before-record for a target that is contained later than the rest. */
export const saveBefore = (table: Table, id: string, record: BeforeRecord): Promise<boolean> =>
  transact(table.dynamo, beforeItems(table, id, [record]));

/** Remembers that a role denies the sessions from before a release, and until when it must. */
export const saveDenial = ({ dynamo, name }: Table, id: string, until: number) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: denialsKey, sk: incidentKey(id), until }),
    }),
  );

/**
 * The denial ended: its sessions have expired, or it was removed. DynamoDB deletes the item later,
 * because a role that may delete items could delete incidents.
 */
export const endDenial = ({ dynamo, name }: Table, id: string, at: number) =>
  dynamo.send(
    new UpdateItemCommand({
      TableName: name,
      Key: { pk: { S: denialsKey }, sk: { S: incidentKey(id) } },
      UpdateExpression: 'SET expiresAt = :at',
      ExpressionAttributeValues: { ':at': { N: String(Math.floor(at / 1_000)) } },
    }),
  );

/** Remembers a change that another principal took back. */
export const saveDrift = ({ dynamo, name }: Table, id: string, drift: Drift) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: incidentKey(id), sk: driftKey(drift.at), ...drift }),
    }),
  );

/** How a stage of a round went. */
export const saveStage = ({ dynamo, name }: Table, id: string, stage: Stage) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: incidentKey(id), sk: stageKey(stage), ...stage }),
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
      Item: toItem({ pk: incidentKey(id), sk: mailKey(mail), ...mail }),
    }),
  );

/**
 * The token that answers a waiting execution. An item of its own: it is a secret, and no reader of
 * the incident needs it.
 */
export const saveQuestion = ({ dynamo, name }: Table, id: string, token: string) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({ pk: questionKey(id), sk: 'TOKEN', token }),
    }),
  );

/** The token of the latest question of an incident. */
export const questionToken = async (
  { dynamo, name }: Table,
  id: string,
): Promise<string | undefined> => {
  const Key = { pk: { S: questionKey(id) }, sk: { S: 'TOKEN' } };
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: name, Key, ConsistentRead: true }),
  );
  return Item?.token?.S;
};

interface Telling {
  readonly what: string;
  /** Who tells: a retry of the same teller may tell again. */
  readonly by: string;
  readonly now: number;
  readonly everyMs: number;
}

/** Whether this may be told now: nobody else has told it within the time. */
export const claimTelling = async (
  { dynamo, name }: Table,
  { what, by, now, everyMs }: Telling,
): Promise<boolean> => {
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: name,
        Key: { pk: { S: toldKey(what) }, sk: { S: 'TOLD' } },
        UpdateExpression: 'SET #at = :now, #by = :by',
        ConditionExpression: 'attribute_not_exists(pk) OR #at < :before OR #by = :by',
        ExpressionAttributeNames: { '#at': 'at', '#by': 'by' },
        ExpressionAttributeValues: {
          ':now': { N: String(now) },
          ':before': { N: String(now - everyMs) },
          ':by': { S: by },
        },
      }),
    );
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};
