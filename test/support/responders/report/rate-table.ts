import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { Table } from '../../../../responders/incident/table.ts';

type Item = Record<string, AttributeValue>;
export type Items = Map<string, Item>;

const address = (key: Item): string => `${key.pk?.S}\n${key.sk?.S}`;

/**
 * The part of the case table that the outbox uses; it knows the conditions of the lease and of what
 * is told once, and no other. Each call passes the gate first.
 */
export const rateTable = (
  items: Items = new Map(),
  gate = async (): Promise<void> => undefined,
) => {
  const dynamo = new DynamoDBClient({ region: 'eu-west-1' });
  const mock = mockClient(dynamo);
  const behind =
    <Input, Output>(answer: (input: Input) => Output) =>
    async (input: Input): Promise<Output> => {
      await gate();
      return answer(input);
    };
  mock
    .on(PutItemCommand)
    .callsFake(behind(({ Item: item }) => void items.set(address(item), item)));
  mock.on(DeleteItemCommand).callsFake(
    behind(({ Key, ConditionExpression, ExpressionAttributeValues }) => {
      if (ConditionExpression !== '#at = :at')
        throw new Error(`unknown condition ${ConditionExpression}`);
      if (items.get(address(Key))?.at?.N !== ExpressionAttributeValues[':at'].N)
        throw Object.assign(new Error('refused'), { name: 'ConditionalCheckFailedException' });
      items.delete(address(Key));
    }),
  );
  mock.on(GetItemCommand).callsFake(behind(({ Key }) => ({ Item: items.get(address(Key)) })));
  mock.on(QueryCommand).callsFake(
    behind(({ ExpressionAttributeValues }) => ({
      Items: [...items.values()].filter(
        (item) => item.pk?.S === ExpressionAttributeValues[':pk'].S,
      ),
    })),
  );
  mock.on(UpdateItemCommand).callsFake(
    behind(({ Key, ConditionExpression, ExpressionAttributeValues }) => {
      const found = items.get(address(Key));
      if (ConditionExpression === 'attribute_not_exists(pk) OR #at < :before OR #by = :by') {
        const { ':before': before, ':now': at, ':by': by } = ExpressionAttributeValues;
        const isOld = Number(found?.at?.N ?? 0) < Number(before.N) || found?.by?.S === by.S;
        if (found && !isOld)
          throw Object.assign(new Error('refused'), { name: 'ConditionalCheckFailedException' });
        items.set(address(Key), { ...found, ...Key, at, by });
        return;
      }
      if (ConditionExpression !== 'attribute_not_exists(pk) OR #until < :now')
        throw new Error(`unknown condition ${ConditionExpression}`);
      if (found && Number(found.until?.N ?? 0) >= Number(ExpressionAttributeValues[':now'].N))
        throw Object.assign(new Error('refused'), { name: 'ConditionalCheckFailedException' });
      items.set(address(Key), { ...found, ...Key, until: ExpressionAttributeValues[':until'] });
    }),
  );
  const table: Table = { dynamo, name: 'cases' };
  return { table, items };
};
