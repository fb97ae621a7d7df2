import { type DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * The case table: one partition per incident, one per claim, one per held target, one per hour of
 * the breaker.
 */
export interface Table {
  readonly dynamo: DynamoDBClient;
  readonly name: string;
}

export type CaseItem = Readonly<Record<string, unknown>>;

/** Every item of a partition, oldest key first. */
export const partition = async ({ dynamo, name }: Table, pk: string): Promise<CaseItem[]> => {
  const items = [];
  const query = {
    TableName: name,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  };
  for await (const page of paginateQuery({ client: dynamo }, query))
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
  return items;
};
