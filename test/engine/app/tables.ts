import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { type AppTable, type AppTableName, appTables } from '../../../protected-app/tables.ts';
import type { Engine } from '../adapter/engine.ts';

const keys = ([hash, range]: readonly [string, string?]) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

/** A table of the application as an engine takes it. */
export const definition = (TableName: string, { key, indexes }: AppTable) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: keys(key),
  AttributeDefinitions: [...new Set([...key, ...Object.values(indexes).flat()])].map(
    (AttributeName) => ({
      AttributeName: String(AttributeName),
      AttributeType: 'S' as const,
    }),
  ),
  ...(Object.keys(indexes).length > 0 && {
    GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'ALL' as const },
    })),
  }),
});

/** The application's tables on an engine, as tables.ts describes them. */
export const createTables = async (
  engine: Engine,
  names: readonly AppTableName[],
): Promise<DynamoDBClient> => {
  const client = new DynamoDBClient(engine.client());
  await Promise.all(
    names.map((name) => client.send(new CreateTableCommand(definition(name, appTables[name])))),
  );
  return client;
};

/** Puts items into a table, as the seed command does. */
export const fill = async (
  client: DynamoDBClient,
  name: AppTableName,
  items: readonly object[],
): Promise<void> => {
  for (let from = 0; from < items.length; from += 25) {
    const puts = items
      .slice(from, from + 25)
      .map((item) => ({ PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) } }));
    const { UnprocessedItems = {} } = await client.send(
      new BatchWriteItemCommand({ RequestItems: { [name]: puts } }),
    );
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('the engine left items out');
  }
};
