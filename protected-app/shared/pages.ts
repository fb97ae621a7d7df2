import { createHash } from 'node:crypto';
import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { listPartition } from '../tables.ts';
import { cursorOf, positionIn } from './cursor.ts';
import type { TableHandle } from './table.ts';

/** All records of a list have the same partition and are sorted by one attribute. */
interface ListItem {
  readonly id: string;
}

export interface ListQuery<Item extends ListItem> {
  readonly table: TableHandle;
  readonly index: string;
  /** The attribute that the index sorts by. */
  readonly sortAttribute: string;
  readonly descending: boolean;
  readonly item: z.ZodType<Item>;
  readonly sortKeyOf: (item: Item) => string;
  /** A filter, applied to a bounded number of records. */
  readonly matches: ((item: Item) => boolean) | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  /** What tells this query from others. A cursor continues the query that it came from only. */
  readonly identity: readonly unknown[];
}

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

const identityMark = (identity: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, 8);

/** What DynamoDB accepts as a key. */
const keyText = z
  .string()
  .min(1)
  .regex(/^\P{Cs}*$/u);

const cursorAt = (identity: readonly unknown[], sortKey: string, id: string): string =>
  cursorOf([identityMark(identity), sortKey, id]);

interface ListPosition {
  readonly sortKey: string;
  readonly id: string;
}

/**
 * A cursor holds a position in a list only; the table, the index and the partition come from the
 * query. A forged cursor therefore reads nothing that its maker could not read anyway, and needs no
 * signature.
 */
const positionOf = (cursor: string, identity: readonly unknown[]): ListPosition => {
  const mark = z.literal(identityMark(identity));
  const [, sortKey, id] = positionIn(z.tuple([mark, keyText, keyText.max(100)]), cursor);
  return { sortKey, id };
};

type TableKey = QueryCommandOutput['LastEvaluatedKey'];

const maxReads = 4;
const filteredReadSize = 250;

const readItems = <Item extends ListItem>(
  { table, index, descending, matches, limit }: ListQuery<Item>,
  startKey: TableKey,
): Promise<QueryCommandOutput> =>
  table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: index,
      KeyConditionExpression: '#list = :all',
      ExpressionAttributeNames: { '#list': 'list' },
      ExpressionAttributeValues: marshall({ ':all': listPartition }),
      ScanIndexForward: !descending,
      // One record more than the page holds shows whether there is another page.
      Limit: matches ? filteredReadSize : limit + 1,
      ...(startKey && { ExclusiveStartKey: startKey }),
    }),
  );

/**
 * Reads one page of a list. It looks at no more than 1,000 records, so a page of a filtered list
 * may hold fewer than asked for, or none, and still have a cursor.
 */
export const readPage = async <Item extends ListItem>(
  query: ListQuery<Item>,
): Promise<ListPage<Item>> => {
  const { sortAttribute, sortKeyOf, matches = () => true, limit, identity } = query;
  const start = query.cursor === undefined ? undefined : positionOf(query.cursor, identity);
  const items: Item[] = [];
  let startKey: TableKey =
    start && marshall({ id: start.id, list: listPartition, [sortAttribute]: start.sortKey });
  let lastItem: Item | undefined;
  for (let reads = 0; reads < maxReads; reads += 1) {
    const { Items = [], LastEvaluatedKey } = await readItems(query, startKey);
    for (const listed of Items.map((attributes) => query.item.parse(unmarshall(attributes)))) {
      if (items.length === limit && lastItem)
        return { items, cursor: cursorAt(identity, sortKeyOf(lastItem), lastItem.id) };
      lastItem = listed;
      if (matches(listed)) items.push(listed);
    }
    if (LastEvaluatedKey === undefined) return { items, cursor: null };
    startKey = LastEvaluatedKey;
  }
  const cursor = lastItem ? cursorAt(identity, sortKeyOf(lastItem), lastItem.id) : null;
  return { items, cursor };
};
