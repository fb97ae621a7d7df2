import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { BeforeRecord } from './case.ts';
import { beforeKey, incidentKey, targetKey } from './keys.ts';
import type { Table } from './table.ts';

/** An item as DynamoDB wants it; what is undefined is not written. */
export const toItem = (item: object) => marshall(item, { removeUndefinedValues: true });

/** One write of a transaction. */
export const put = (
  { name }: Table,
  item: object,
  ConditionExpression?: string,
): TransactWriteItem => ({
  Put: { TableName: name, Item: toItem(item), ...(ConditionExpression && { ConditionExpression }) },
});

/** Refuses to overwrite. */
export const absent = 'attribute_not_exists(pk)';

export const beforeItem = (table: Table, id: string, record: BeforeRecord): TransactWriteItem =>
  put(table, {
    pk: incidentKey(id),
    sk: beforeKey(record),
    ...record,
    before: JSON.stringify(record.before),
  });

/**
 * Before-record and hold: who still needs the target contained decides later whether a release may
 * free it.
 */
export const beforeItems = (
  table: Table,
  id: string,
  records: readonly BeforeRecord[],
): TransactWriteItem[] =>
  records.flatMap((record) => [
    beforeItem(table, id, record),
    put(table, { pk: targetKey(record), sk: incidentKey(id), since: record.since }),
  ]);
