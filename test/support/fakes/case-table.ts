import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { headKey, stateIndex } from '../../../responders/incident/keys.ts';
import type { Table } from '../../../responders/incident/table.ts';

type Item = Record<string, AttributeValue>;

const address = (item: Item): string => `${item.pk?.S}\n${item.sk?.S}`;

const refused = (name: string, rest: object = {}) =>
  Object.assign(new Error('refused'), { name, ...rest });

/** The conditions that the product uses; another one is an error, never a silent yes. */
const holds = (
  condition: string | undefined,
  found: Item | undefined,
  values: Item = {},
): boolean => {
  if (condition === undefined) return true;
  if (condition === 'attribute_not_exists(pk)') return found === undefined;
  if (condition === 'attribute_exists(pk)') return found !== undefined;
  if (condition === 'since = :since') return found?.since?.N === values[':since']?.N;
  if (condition === '#state = :from') return found?.state?.S === values[':from']?.S;
  if (condition === '#state = :from AND (attribute_not_exists(busyUntil) OR busyUntil = :was)')
    return (
      found?.state?.S === values[':from']?.S &&
      (found?.busyUntil ?? values[':was'])?.N === values[':was']?.N
    );
  if (condition === 'sha256 = :own') return found?.sha256?.S === values[':own']?.S;
  if (condition === 'sha256 = :before AND attribute_not_exists(manifest)')
    return found?.sha256?.S === values[':before']?.S && found?.manifest === undefined;
  if (
    condition ===
    '#state = :state AND #round = :round AND finding.revisions = :revisions AND ' +
      '(attribute_not_exists(yeses) OR size(yeses) = :count)'
  )
    return (
      found?.state?.S === values[':state']?.S &&
      found?.round?.N === values[':round']?.N &&
      found?.finding?.M?.revisions?.N === values[':revisions']?.N &&
      (found?.yeses === undefined || String(found.yeses.L?.length) === values[':count']?.N)
    );
  throw new Error(`the fake table does not know the condition ${condition}`);
};

/** `SET #a = :a, clocks.#b = :b`, as case-table.ts writes it. */
const set = (item: Item, expression: string, names: Record<string, string>, values: Item): void => {
  for (const part of expression.replace(/^SET /, '').split(', ')) {
    const [left = '', right = ''] = part.split(' = ');
    const [map, nested] = left.split('.');
    const value = values[right];
    if (!value) throw new Error(`the fake table has no value for ${right}`);
    const top = names[map ?? ''] ?? map ?? '';
    if (!nested) item[top] = value;
    else item[top] = { M: { ...item[top]?.M, [names[nested] ?? nested]: value } };
  }
};

/** A case table that remembers, with conditions and all-or-nothing transactions. */
export const fakeTable = () => {
  const dynamo = new DynamoDBClient({ region: 'eu-west-1' });
  const mock = mockClient(dynamo);
  const items = new Map<string, Item>();
  const checks = ({ Put, Delete }: TransactWriteItem) => {
    const write = Put ?? Delete;
    return (
      write !== undefined &&
      holds(
        write.ConditionExpression,
        items.get(address(Put?.Item ?? Delete?.Key ?? {})),
        write.ExpressionAttributeValues,
      )
    );
  };

  mock
    .on(TransactWriteItemsCommand)
    .callsFake(({ TransactItems }: { TransactItems: TransactWriteItem[] }) => {
      const met = TransactItems.map(checks);
      if (met.includes(false))
        throw refused('TransactionCanceledException', {
          CancellationReasons: met.map((ok) => ({ Code: ok ? 'None' : 'ConditionalCheckFailed' })),
        });
      for (const { Put, Delete } of TransactItems) {
        if (Put?.Item) items.set(address(Put.Item), Put.Item);
        if (Delete?.Key) items.delete(address(Delete.Key));
      }
      return {};
    });
  mock.on(PutItemCommand).callsFake(({ Item, ConditionExpression, ExpressionAttributeValues }) => {
    if (!holds(ConditionExpression, items.get(address(Item)), ExpressionAttributeValues))
      throw refused('ConditionalCheckFailedException');
    items.set(address(Item), Item);
    return {};
  });
  mock.on(GetItemCommand).callsFake(({ Key }) => ({ Item: items.get(address(Key)) }));
  mock.on(DeleteItemCommand).callsFake(({ Key }) => void items.delete(address(Key)));
  mock.on(QueryCommand).callsFake(({ IndexName, ExpressionAttributeValues, ...query }) => {
    const inOrder = [...items.values()]
      .filter((item) =>
        IndexName === stateIndex
          ? item.sk?.S === headKey &&
            item.state?.S === ExpressionAttributeValues[':state'].S &&
            (item.openedAt?.S ?? '') >= (ExpressionAttributeValues[':since']?.S ?? '')
          : item.pk?.S === ExpressionAttributeValues[':pk'].S,
      )
      .sort((one, other) => (address(one) < address(other) ? -1 : 1));
    return { Items: query.ScanIndexForward === false ? inOrder.toReversed() : inOrder };
  });
  mock
    .on(UpdateItemCommand)
    .callsFake(
      ({
        Key,
        UpdateExpression,
        ExpressionAttributeNames = {},
        ExpressionAttributeValues,
        ConditionExpression,
      }) => {
        const found = items.get(address(Key));
        if (!found || !holds(ConditionExpression, found, ExpressionAttributeValues))
          throw refused('ConditionalCheckFailedException');
        const [setting = '', removed] = UpdateExpression.split(/ ?REMOVE /);
        for (const name of removed?.split(', ') ?? []) delete found[name];
        if (setting) set(found, setting, ExpressionAttributeNames, ExpressionAttributeValues);
        return {};
      },
    );
  const table: Table = { dynamo, name: 'cases' };
  return { table, mock, items };
};
