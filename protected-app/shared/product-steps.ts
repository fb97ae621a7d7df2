// The single writes that change products; the transactions are made of them. Each is called after
// what its condition is about.
import { marshall } from '@aws-sdk/util-dynamodb';
import { type ProductItem, skuKey } from './product-item.ts';
import type { Step, Table } from './table.ts';

/** Every name is a placeholder, because DynamoDB reserves 573 words. */
const names = (all: readonly string[]) => Object.fromEntries(all.map((name) => [`#${name}`, name]));
const values = (all: Readonly<Record<string, unknown>>) =>
  marshall(Object.fromEntries(Object.entries(all).map(([name, value]) => [`:${name}`, value])));
const at = ({ name }: Table, id: string) => ({ TableName: name, Key: marshall({ id }) });

export const create = ({ name }: Table, item: ProductItem): Step => ({
  as: item.id,
  write: {
    Put: { TableName: name, Item: marshall(item), ConditionExpression: 'attribute_not_exists(id)' },
  },
});

export interface Replaced {
  readonly id: string;
  readonly version: number;
  /** Only while it is no component of anything. */
  readonly unreferenced: boolean;
}

export const change = (
  table: Table,
  { id, version, unreferenced }: Replaced,
  fields: Partial<ProductItem>,
): Step => ({
  as: id,
  write: {
    Update: {
      ...at(table, id),
      UpdateExpression: `SET ${Object.keys(fields)
        .map((name) => `#${name} = :${name}`)
        .join(', ')}`,
      ConditionExpression: `#version = :was${unreferenced ? ' AND #references = :none' : ''}`,
      ExpressionAttributeNames: names([
        ...Object.keys(fields),
        'version',
        ...(unreferenced ? ['references'] : []),
      ]),
      ExpressionAttributeValues: values({
        ...fields,
        was: version,
        ...(unreferenced && { none: 0 }),
      }),
    },
  },
});

export const remove = (table: Table, { id, version }: ProductItem): Step => ({
  as: id,
  write: {
    Delete: {
      ...at(table, id),
      ConditionExpression: '#version = :version AND #references = :none',
      ExpressionAttributeNames: names(['version', 'references']),
      ExpressionAttributeValues: values({ version, none: 0 }),
    },
  },
});

interface Reference {
  readonly id: string;
  readonly by: 1 | -1;
  /** Where one was read: it must still be that one. */
  readonly version?: number | undefined;
}

/** One reference more or less to a component, which must exist. */
export const refer = (table: Table, { id, by, version }: Reference): Step => ({
  as: id,
  write: {
    Update: {
      ...at(table, id),
      UpdateExpression: 'ADD #references :by',
      ConditionExpression: `attribute_exists(id)${version === undefined ? '' : ' AND #version = :version'}`,
      ExpressionAttributeNames: names([
        'references',
        ...(version === undefined ? [] : ['version']),
      ]),
      ExpressionAttributeValues: values({ by, ...(version !== undefined && { version }) }),
    },
  },
});

/** Writes nothing, but lets the rest be written only if this is still so. */
export const unchanged = (table: Table, id: string, version: number): Step => ({
  as: id,
  write: {
    ConditionCheck: {
      ...at(table, id),
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: names(['version']),
      ExpressionAttributeValues: values({ version }),
    },
  },
});

interface Sku {
  readonly sku: string;
  readonly id: string;
}

export const takeSku = (table: Table, { sku, id }: Sku): Step => ({
  as: skuKey(sku),
  write: {
    Update: {
      ...at(table, skuKey(sku)),
      UpdateExpression: 'SET heldBy = :id',
      ConditionExpression: 'attribute_not_exists(heldBy)',
      ExpressionAttributeValues: values({ id }),
    },
  },
});

/** Leaves an empty item behind: whoever changes products needs no right to delete any. */
export const freeSku = (table: Table, { sku, id }: Sku): Step => ({
  as: skuKey(sku),
  write: {
    Update: {
      ...at(table, skuKey(sku)),
      UpdateExpression: 'REMOVE heldBy',
      ConditionExpression: 'heldBy = :id',
      ExpressionAttributeValues: values({ id }),
    },
  },
});

export const dropSku = (table: Table, { sku, id }: Sku): Step => ({
  as: skuKey(sku),
  write: {
    Delete: {
      ...at(table, skuKey(sku)),
      ConditionExpression: 'heldBy = :id',
      ExpressionAttributeValues: values({ id }),
    },
  },
});
