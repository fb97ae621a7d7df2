import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { BeforeRecord, Mail } from './case.ts';
import type { Action } from './incident.ts';
import { beforeItems, put, toItem } from './items.ts';
import { actionKey, incidentKey, mailKey, questionKey, stageKey } from './keys.ts';
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
