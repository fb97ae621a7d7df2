// The single writes of which the transactions on products consist. Each is labelled with the id of
// the item that its condition is about.
import { marshall } from '@aws-sdk/util-dynamodb';
import { type ProductItem, skuKey } from './product-item.ts';
import type { TableHandle, TransactionStep } from './table.ts';

/** Every attribute is a placeholder, because DynamoDB reserves 573 words. */
const attributeNames = (fields: readonly string[]) =>
  Object.fromEntries(fields.map((name) => [`#${name}`, name]));
const attributeValues = (fields: Readonly<Record<string, unknown>>) =>
  marshall(Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${name}`, value])));
const keyOf = ({ name }: TableHandle, id: string) => ({ TableName: name, Key: marshall({ id }) });

export const create = ({ name }: TableHandle, item: ProductItem): TransactionStep => ({
  label: item.id,
  write: {
    Put: { TableName: name, Item: marshall(item), ConditionExpression: 'attribute_not_exists(id)' },
  },
});

export interface ReplacedVersion {
  readonly id: string;
  readonly version: number;
  /** True: the change fails once another product has this one as a component. */
  readonly mustBeUnreferenced: boolean;
}

export const change = (
  table: TableHandle,
  { id, version, mustBeUnreferenced }: ReplacedVersion,
  fields: Partial<ProductItem>,
): TransactionStep => ({
  label: id,
  write: {
    Update: {
      ...keyOf(table, id),
      UpdateExpression: `SET ${Object.keys(fields)
        .map((name) => `#${name} = :${name}`)
        .join(', ')}`,
      ConditionExpression: `#version = :was${mustBeUnreferenced ? ' AND #references = :none' : ''}`,
      ExpressionAttributeNames: attributeNames([
        ...Object.keys(fields),
        'version',
        ...(mustBeUnreferenced ? ['references'] : []),
      ]),
      ExpressionAttributeValues: attributeValues({
        ...fields,
        was: version,
        ...(mustBeUnreferenced && { none: 0 }),
      }),
    },
  },
});

export const remove = (table: TableHandle, { id, version }: ProductItem): TransactionStep => ({
  label: id,
  write: {
    Delete: {
      ...keyOf(table, id),
      ConditionExpression: '#version = :version AND #references = :none',
      ExpressionAttributeNames: attributeNames(['version', 'references']),
      ExpressionAttributeValues: attributeValues({ version, none: 0 }),
    },
  },
});

interface ReferenceChange {
  readonly id: string;
  readonly delta: 1 | -1;
  /** The version that was read; the step fails if the product has another one by now. */
  readonly version?: number | undefined;
}

/** Counts one reference more or less to a component, which must exist. */
export const refer = (
  table: TableHandle,
  { id, delta, version }: ReferenceChange,
): TransactionStep => ({
  label: id,
  write: {
    Update: {
      ...keyOf(table, id),
      UpdateExpression: 'ADD #references :delta',
      ConditionExpression: [
        'attribute_exists(id)',
        ...(version === undefined ? [] : ['#version = :version']),
      ].join(' AND '),
      ExpressionAttributeNames: attributeNames([
        'references',
        ...(version === undefined ? [] : ['version']),
      ]),
      ExpressionAttributeValues: attributeValues({
        delta,
        ...(version !== undefined && { version }),
      }),
    },
  },
});

/** Writes nothing; the transaction fails if the product has another version by now. */
export const unchanged = (table: TableHandle, id: string, version: number): TransactionStep => ({
  label: id,
  write: {
    ConditionCheck: {
      ...keyOf(table, id),
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: attributeNames(['version']),
      ExpressionAttributeValues: attributeValues({ version }),
    },
  },
});

interface HeldSku {
  readonly sku: string;
  readonly id: string;
}

export const takeSku = (table: TableHandle, { sku, id }: HeldSku): TransactionStep => ({
  label: skuKey(sku),
  write: {
    Update: {
      ...keyOf(table, skuKey(sku)),
      UpdateExpression: 'SET heldBy = :id',
      ConditionExpression: 'attribute_not_exists(heldBy)',
      ExpressionAttributeValues: attributeValues({ id }),
    },
  },
});

/** Leaves an empty item, so that the role that changes products needs no right to delete. */
export const freeSku = (table: TableHandle, { sku, id }: HeldSku): TransactionStep => ({
  label: skuKey(sku),
  write: {
    Update: {
      ...keyOf(table, skuKey(sku)),
      UpdateExpression: 'REMOVE heldBy',
      ConditionExpression: 'heldBy = :id',
      ExpressionAttributeValues: attributeValues({ id }),
    },
  },
});

export const dropSku = (table: TableHandle, { sku, id }: HeldSku): TransactionStep => ({
  label: skuKey(sku),
  write: {
    Delete: {
      ...keyOf(table, skuKey(sku)),
      ConditionExpression: 'heldBy = :id',
      ExpressionAttributeValues: attributeValues({ id }),
    },
  },
});
