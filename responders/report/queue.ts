import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { outboxKey as pk } from '../incident/keys.ts';
import type { Table } from '../incident/table.ts';
import { isRefused } from '../shared/errors.ts';
import type { QueuedNotice } from './digest.ts';

/** A retry overwrites its own notice instead of adding another. */
export const sortKeyOf = ({ incident, round, kind }: QueuedNotice): string =>
  `WAIT#${incident}#${round}#${kind}`;

/** The same text again keeps its moment: it may be on its way already, and is removed by it. */
export const enqueue = async ({ dynamo, name }: Table, notice: QueuedNotice): Promise<void> => {
  const put = new PutItemCommand({
    TableName: name,
    Item: marshall({ pk, sk: sortKeyOf(notice), ...notice }),
    ConditionExpression: 'attribute_not_exists(pk) OR #subject <> :subject OR #body <> :body',
    ExpressionAttributeNames: { '#subject': 'subject', '#body': 'body' },
    ExpressionAttributeValues: marshall({ ':subject': notice.subject, ':body': notice.body }),
  });
  try {
    await dynamo.send(put);
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
};

/** A newer notice of the same kind may have taken its place: that one is still to be sent. */
export const dequeue = async ({ dynamo, name }: Table, notice: QueuedNotice): Promise<void> => {
  const remove = new DeleteItemCommand({
    TableName: name,
    Key: { pk: { S: pk }, sk: { S: sortKeyOf(notice) } },
    ConditionExpression: '#at = :at',
    ExpressionAttributeNames: { '#at': 'at' },
    ExpressionAttributeValues: marshall({ ':at': notice.at }),
  });
  try {
    await dynamo.send(remove);
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
};

export const toNotice = (record: Readonly<Record<string, unknown>>): QueuedNotice => ({
  incident: String(record.incident),
  kind: String(record.kind),
  round: Number(record.round),
  at: Number(record.at),
  subject: String(record.subject),
  body: String(record.body),
  ...(typeof record.told === 'number' && { told: record.told }),
});
