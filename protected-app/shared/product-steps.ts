import { marshall } from '@aws-sdk/util-dynamodb';
import { type ProductItem, skuKey } from './product-item.ts';
import type { Step } from './table.ts';

/** Every name is a placeholder, because DynamoDB reserves 573 words. */
const names = (all: readonly string[]) => Object.fromEntries(all.map((name) => [`#${name}`, name]));
const values = (all: Readonly<Record<string, unknown>>) =>
  marshall(Object.fromEntries(Object.entries(all).map(([name, value]) => [`:${name}`, value])));

/** The single writes that change products; the transactions are made of them. Each is called after what its condition is about. */
export const productSteps = (TableName: string) => {
  const key = (id: string) => ({ TableName, Key: marshall({ id }) });
  return {
    create: (item: ProductItem): Step => ({
      as: item.id,
      write: { Put: { TableName, Item: marshall(item), ConditionExpression: 'attribute_not_exists(id)' } },
    }),

    /** `unreferenced`: also only while it is no component of anything. */
    change: (id: string, was: number, fields: Partial<ProductItem>, { unreferenced }: { readonly unreferenced: boolean }): Step => ({
      as: id,
      write: {
        Update: {
          ...key(id),
          UpdateExpression: `SET ${Object.keys(fields).map((name) => `#${name} = :${name}`)}`,
          ConditionExpression: `#version = :was${unreferenced ? ' AND #references = :none' : ''}`,
          ExpressionAttributeNames: names([...Object.keys(fields), ...(unreferenced ? ['references'] : [])]),
          ExpressionAttributeValues: values({ ...fields, was, ...(unreferenced && { none: 0 }) }),
        },
      },
    }),

    remove: ({ id, version }: ProductItem): Step => ({
      as: id,
      write: {
        Delete: {
          ...key(id),
          ConditionExpression: '#version = :version AND #references = :none',
          ExpressionAttributeNames: names(['version', 'references']),
          ExpressionAttributeValues: values({ version, none: 0 }),
        },
      },
    }),

    /** One reference more or less to a component, which must exist, and must still be that version where one is named. */
    refer: (id: string, by: 1 | -1, version?: number): Step => ({
      as: id,
      write: {
        Update: {
          ...key(id),
          UpdateExpression: 'ADD #references :by',
          ConditionExpression: `attribute_exists(id)${version === undefined ? '' : ' AND #version = :version'}`,
          ExpressionAttributeNames: names(['references', ...(version === undefined ? [] : ['version'])]),
          ExpressionAttributeValues: values({ by, ...(version !== undefined && { version }) }),
        },
      },
    }),

    /** Nothing is written, but the rest only if this is still so. */
    unchanged: (id: string, version: number): Step => ({
      as: id,
      write: {
        ConditionCheck: {
          ...key(id),
          ConditionExpression: '#version = :version',
          ExpressionAttributeNames: names(['version']),
          ExpressionAttributeValues: values({ version }),
        },
      },
    }),

    takeSku: (sku: string, id: string): Step => ({
      as: skuKey(sku),
      write: {
        Update: {
          ...key(skuKey(sku)),
          UpdateExpression: 'SET heldBy = :id',
          ConditionExpression: 'attribute_not_exists(heldBy)',
          ExpressionAttributeValues: values({ id }),
        },
      },
    }),

    /** Leaves an empty item behind: whoever changes products needs no right to delete any. */
    freeSku: (sku: string, id: string): Step => ({
      as: skuKey(sku),
      write: {
        Update: {
          ...key(skuKey(sku)),
          UpdateExpression: 'REMOVE heldBy',
          ConditionExpression: 'heldBy = :id',
          ExpressionAttributeValues: values({ id }),
        },
      },
    }),

    dropSku: (sku: string, id: string): Step => ({
      as: skuKey(sku),
      write: {
        Delete: { ...key(skuKey(sku)), ConditionExpression: 'heldBy = :id', ExpressionAttributeValues: values({ id }) },
      },
    }),
  };
};
