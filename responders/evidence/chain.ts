import { gunzipSync, gzipSync } from 'node:zlib';
import {
  type AttributeValue,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Head } from '../incident/case.ts';
import type { Table } from '../incident/table.ts';
import { isRefused } from '../shared/errors.ts';

/** The last manifest of a chain. */
export interface Link {
  readonly sequence: number;
  readonly incident: string;
  readonly key: string;
  readonly sha256: string;
}

/**
 * A link whose manifest may not be in the bucket yet: it brings everything that is needed to put it
 * there.
 */
export interface Claimed extends Link {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

export interface End {
  readonly link: Link;
  /** A claimed manifest that is not known to be stored; the next run that seals stores it. */
  readonly pending: Claimed | null;
}

/**
 * The account's chain, or that of its drills: their evidence expires, and must not leave holes in
 * the other one.
 */
export const chainOf = ({ drill }: Pick<Head, 'drill'>, account: string): string =>
  `CHAIN#${drill ? 'drill#' : ''}${account}`;

const keyOf = (chain: string): Record<string, AttributeValue> => ({
  pk: { S: chain },
  sk: { S: 'LAST' },
});

/** Where the chain ends now; nothing before the first manifest. */
export const endOf = async ({ dynamo, name }: Table, chain: string): Promise<End | undefined> => {
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: name, Key: keyOf(chain), ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const text = (field: string): string => Item[field]?.S ?? '';
  const link = {
    sequence: Number(Item.sequence?.N),
    incident: text('incident'),
    key: text('key'),
    sha256: text('sha256'),
  };
  const [manifest, signature] = [Item.manifest?.B, Item.signature?.B];
  return {
    link,
    pending: manifest && signature ? { ...link, manifest: gunzipSync(manifest), signature } : null,
  };
};

/**
 * Takes the next place, if it is still free and the manifest before is in the bucket. The item
 * holds the bytes too, so any other run can store them if this one stops. `false` if the place was
 * taken.
 */
export const claim = async (
  { dynamo, name }: Table,
  chain: string,
  claimed: Claimed,
  after: Link | null,
): Promise<boolean> => {
  const Item = {
    ...keyOf(chain),
    sequence: { N: String(claimed.sequence) },
    incident: { S: claimed.incident },
    key: { S: claimed.key },
    sha256: { S: claimed.sha256 },
    manifest: { B: gzipSync(claimed.manifest) },
    signature: { B: claimed.signature },
  };
  const condition = after
    ? {
        ConditionExpression: 'sha256 = :before AND attribute_not_exists(manifest)',
        ExpressionAttributeValues: { ':before': { S: after.sha256 } },
      }
    : { ConditionExpression: 'attribute_not_exists(pk)' };
  try {
    await dynamo.send(new PutItemCommand({ TableName: name, Item, ...condition }));
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};

/** The manifest and its signature are in the bucket, under this key: the next place is free. */
export const finished = async (
  { dynamo, name }: Table,
  chain: string,
  { key, sha256 }: Link,
): Promise<void> => {
  const update = new UpdateItemCommand({
    TableName: name,
    Key: keyOf(chain),
    UpdateExpression: 'SET #key = :key REMOVE manifest, signature',
    ConditionExpression: 'sha256 = :own',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':own': { S: sha256 }, ':key': { S: key } },
  });
  try {
    await dynamo.send(update);
  } catch (error) {
    // Another run has finished it, and the chain has already moved on.
    if (!isRefused(error)) throw error;
  }
};
