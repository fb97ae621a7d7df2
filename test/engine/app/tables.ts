import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AppTable, type AppTableName, appTables } from '../../../protected-app/tables.ts';
import type { Engine } from '../adapter/engine.ts';

const keys = ([hash, range]: readonly [string, string?]) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];

const definition = (TableName: string, { key, indexes, numbers = [] }: AppTable) => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST' as const,
  KeySchema: keys(key),
  AttributeDefinitions: [...new Set([...key, ...Object.values(indexes).flat()])].map((AttributeName) => ({
    AttributeName: String(AttributeName),
    AttributeType: numbers.includes(String(AttributeName)) ? ('N' as const) : ('S' as const),
  })),
  ...(Object.keys(indexes).length > 0 && {
    GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
      IndexName,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'ALL' as const },
    })),
  }),
});

/** The application's tables on an engine, as tables.ts describes them. */
export const createTables = async (engine: Engine, names: readonly AppTableName[]): Promise<DynamoDBClient> => {
  const client = new DynamoDBClient(engine.client());
  await Promise.all(names.map((name) => client.send(new CreateTableCommand(definition(name, appTables[name])))));
  return client;
};
