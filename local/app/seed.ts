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

const batchSize = 25; // the limit of BatchWriteItem
const workers = 8;
const maxAttempts = 8;

type Batch = Readonly<Record<string, WriteRequest[]>>;

/** Writes a batch, and writes again the items that DynamoDB returns as unprocessed. */
const write = async (dynamo: DynamoDBClient, requests: Batch): Promise<void> => {
  let remaining: Batch = requests;
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    const { UnprocessedItems = {} } = await dynamo.send(
      new BatchWriteItemCommand({ RequestItems: remaining }),
    );
    if (Object.keys(UnprocessedItems).length === 0) return;
    remaining = UnprocessedItems;
    await sleep(100 * 2 ** attempt);
  }
  throw new CordonError('DynamoDB stored only a part of the data: run "cordon app seed" again');
};

const fill = async (
  dynamo: DynamoDBClient,
  table: string,
  items: readonly object[],
): Promise<void> => {
  const requests = items.map((item) => ({
    PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
  }));
  const batches = Array.from({ length: Math.ceil(requests.length / batchSize) }, (_, index) =>
    requests.slice(index * batchSize, (index + 1) * batchSize),
  );
  const worker = async (): Promise<void> => {
    for (let next = batches.pop(); next; next = batches.pop())
      await write(dynamo, { [table]: next });
  };
  await Promise.all(Array.from({ length: workers }, worker));
};

/** How many items were written; 0 for a table that already had items. */
export interface Seeded {
  readonly products: number;
  readonly customers: number;
}

/**
 * Fills the empty tables of the application with sample products and customers. A table that has
 * items stays as it is.
 */
export const seed = async (place: Place, now: number): Promise<Seeded> => {
  const dynamo = new DynamoDBClient(await place.config('operator'));
  const fillIfEmpty = async (name: string, items: readonly object[]): Promise<boolean> => {
    const table = output(place, 'CordonProtectedApp', name);
    const { Items = [] } = await dynamo.send(new ScanCommand({ TableName: table, Limit: 1 }));
    if (Items.length > 0) return false;
    await fill(dynamo, table, items);
    return true;
  };
  const [products, customers] = [seedProducts({ now, createdBy: 'seed' }), seedCustomers({ now })];
  const [filledProducts, filledCustomers] = await Promise.all([
    fillIfEmpty('ProductsTableName', products),
    fillIfEmpty('CustomersTableName', customers),
  ]);
  // The items include one item for each SKU, which is not a product.
  return {
    products: filledProducts ? products.filter((item) => 'sku' in item).length : 0,
    customers: filledCustomers ? customers.length : 0,
  };
};
