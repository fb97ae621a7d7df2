import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  DynamoDBClient,
  ScanCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { CordonError } from '../../operator/errors.ts';
import { output, type Place } from '../../operator/place.ts';
import { seedCustomers } from '../../protected-app/seed/customers.ts';
import { seedProducts } from '../../protected-app/seed/products.ts';

const batch = 25; // what BatchWriteItem takes
const side = 8;
const tries = 8;

type Batch = Readonly<Record<string, WriteRequest[]>>;

/** Writes a batch; DynamoDB hands back what it had no room for. */
const write = async (dynamo: DynamoDBClient, requests: Batch): Promise<void> => {
  let left: Batch = requests;
  for (let turn = 0; turn < tries; turn += 1) {
    const { UnprocessedItems = {} } = await dynamo.send(
      new BatchWriteItemCommand({ RequestItems: left }),
    );
    if (Object.keys(UnprocessedItems).length === 0) return;
    left = UnprocessedItems;
    await sleep(100 * 2 ** turn);
  }
  throw new CordonError('DynamoDB took only a part of the data: run "cordon app seed" again');
};

const fill = async (
  dynamo: DynamoDBClient,
  table: string,
  items: readonly object[],
): Promise<void> => {
  const requests = items.map((item) => ({
    PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
  }));
  const batches = Array.from({ length: Math.ceil(requests.length / batch) }, (_, index) =>
    requests.slice(index * batch, (index + 1) * batch),
  );
  const worker = async (): Promise<void> => {
    for (let next = batches.pop(); next; next = batches.pop())
      await write(dynamo, { [table]: next });
  };
  await Promise.all(Array.from({ length: side }, worker));
};

/** What was written; nothing into a table that has something in it. */
export interface Seeded {
  readonly products: number;
  readonly customers: number;
}

/**
 * Fills the application with products and customers to begin with. Whoever works with it already
 * keeps what is there.
 */
export const seed = async (place: Place, now: number): Promise<Seeded> => {
  const dynamo = new DynamoDBClient(await place.config('operator'));
  const into = async (name: string, items: readonly object[]): Promise<boolean> => {
    const table = output(place, 'CordonProtectedApp', name);
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table, Limit: 1 }));
    if (Items.length > 0) return false;
    await fill(dynamo, table, items);
    return true;
  };
  const [products, customers] = [seedProducts({ now, createdBy: 'seed' }), seedCustomers({ now })];
  const [first, second] = await Promise.all([
    into('ProductsTableName', products),
    into('CustomersTableName', customers),
  ]);
  // A product comes with the item that holds its SKU.
  return {
    products: first ? products.filter((item) => 'sku' in item).length : 0,
    customers: second ? customers.length : 0,
  };
};
