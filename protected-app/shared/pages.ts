import { createHash } from 'node:crypto';
import { QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { everything } from '../tables.ts';
import { cursorOf, placeIn } from './cursor.ts';
import type { Table } from './table.ts';

/** An item of a list: all have the same partition, and are sorted by one attribute. */
interface Listed {
  readonly id: string;
}

export interface Question<Item extends Listed> {
  readonly table: Table;
  readonly index: string;
  /** The attribute that the index sorts by. */
  readonly by: string;
  readonly descending: boolean;
  readonly item: z.ZodType<Item>;
  readonly sortValue: (item: Item) => string;
  /** Where there is a filter: it is asked of a bounded number of items. */
  readonly accepts: ((item: Item) => boolean) | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  /**
   * All that makes this question another than the next. A cursor goes on with the question that it
   * came from.
   */
  readonly asked: readonly unknown[];
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor: string | null;
}

const markOf = (asked: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 8);

/** What DynamoDB takes for a key. */
const key = z
  .string()
  .min(1)
  .regex(/^\P{Cs}*$/u);

const cursorAt = (asked: readonly unknown[], value: string, id: string): string =>
  cursorOf([markOf(asked), value, id]);

/**
 * A cursor names a place in a list, and nothing else: which list, and in which table, we say. So a
 * forged one goes where its maker could have gone anyway, and it needs no signature.
 */
const placeOf = (
  cursor: string,
  asked: readonly unknown[],
): { readonly value: string; readonly id: string } => {
  const place = z.tuple([z.literal(markOf(asked)), key, key.max(100)]);
  const [, value, id] = placeIn(place, cursor);
  return { value, id };
};

type Key = QueryCommandOutput['LastEvaluatedKey'];

const mostReads = 4;
const filterSize = 250;

const query = <Item extends Listed>(
  { table, index, descending, accepts, limit }: Question<Item>,
  from: Key,
): Promise<QueryCommandOutput> =>
  table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: index,
      KeyConditionExpression: '#list = :all',
      ExpressionAttributeNames: { '#list': 'list' },
      ExpressionAttributeValues: marshall({ ':all': everything }),
      ScanIndexForward: !descending,
      // One more than asked for shows whether there is another page.
      Limit: accepts ? filterSize : limit + 1,
      ...(from && { ExclusiveStartKey: from }),
    }),
  );

/**
 * One page of a list. Looks at no more than 1,000 items: a rare match may need several pages, and
 * some may be empty.
 */
export const page = async <Item extends Listed>(question: Question<Item>): Promise<Page<Item>> => {
  const { by, item, sortValue, accepts = () => true, limit, asked } = question;
  const start = question.cursor === undefined ? undefined : placeOf(question.cursor, asked);
  const items: Item[] = [];
  let from: Key = start && marshall({ id: start.id, list: everything, [by]: start.value });
  let last: Item | undefined;
  for (let reads = 0; reads < mostReads; reads += 1) {
    const { Items = [], LastEvaluatedKey } = await query(question, from);
    for (const one of Items.map((raw) => item.parse(unmarshall(raw)))) {
      if (items.length === limit && last)
        return { items, cursor: cursorAt(asked, sortValue(last), last.id) };
      last = one;
      if (accepts(one)) items.push(one);
    }
    if (LastEvaluatedKey === undefined) return { items, cursor: null };
    from = LastEvaluatedKey;
  }
  return { items, cursor: last ? cursorAt(asked, sortValue(last), last.id) : null };
};
