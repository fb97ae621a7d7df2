import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AuditTables } from '../ingest/keep.ts';

/** The last seal, and what is not known to be stored of it. */
export interface LastSeal {
  readonly sequence: number;
  readonly key: string;
  readonly sha256: string;
  readonly claimed: SignedManifest | undefined;
}

export interface SignedManifest {
  readonly manifest: Uint8Array;
  readonly signature: Uint8Array;
}

type SealLedger = Pick<AuditTables, 'client' | 'ledger'>;

/** No id of an event begins with `#`. */
const place = { event_id: { S: '#seals' } };

/** Where the chain ends; nothing before the first seal. */
export const lastSeal = async ({ client, ledger }: SealLedger): Promise<LastSeal | undefined> => {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: ledger, Key: place, ConsistentRead: true }),
  );
  if (!Item) return undefined;
  const [manifest, signature] = [Item.manifest?.B, Item.signature?.B];
  return {
    sequence: Number(Item.sequence?.N),
    key: Item.key?.S ?? '',
    sha256: Item.sha256?.S ?? '',
    claimed: manifest && signature ? { manifest, signature } : undefined,
  };
};

/**
 * Takes the next place of the chain, with everything that is needed to store the seal: whoever runs
 * next can finish it. Fails if another run has taken it.
 */
export const claimSeal = async (
  { client, ledger }: SealLedger,
  seal: Omit<LastSeal, 'claimed'> & SignedManifest,
  before: LastSeal | undefined,
): Promise<void> => {
  const Item = {
    ...place,
    sequence: { N: String(seal.sequence) },
    key: { S: seal.key },
    sha256: { S: seal.sha256 },
    manifest: { B: seal.manifest },
    signature: { B: seal.signature },
  };
  const condition = before
    ? {
        ConditionExpression: 'sha256 = :before AND attribute_not_exists(manifest)',
        ExpressionAttributeValues: { ':before': { S: before.sha256 } },
      }
    : { ConditionExpression: 'attribute_not_exists(event_id)' };
  await client.send(new PutItemCommand({ TableName: ledger, Item, ...condition }));
};

/** The seal is in the bucket, and its events name it: the next may be made. */
export const finishSeal = async ({ client, ledger }: SealLedger, sha256: string): Promise<void> => {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: ledger,
        Key: place,
        UpdateExpression: 'REMOVE manifest, signature',
        ConditionExpression: 'sha256 = :own',
        ExpressionAttributeValues: { ':own': { S: sha256 } },
      }),
    );
  } catch (error) {
    // Another run has finished it, and the chain has moved on.
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};

/** Writes into the entry of an event which seal it has: it waits for none any more. */
export const nameSeal = async (
  { client, ledger }: SealLedger,
  eventId: string,
  seal: { readonly sequence: number; readonly row: number | null },
): Promise<void> => {
  await client.send(
    new UpdateItemCommand({
      TableName: ledger,
      Key: { event_id: { S: eventId } },
      UpdateExpression: 'SET seal = :seal, #row = :row REMOVE pending',
      ConditionExpression: 'attribute_exists(event_id)',
      ExpressionAttributeNames: { '#row': 'row' },
      ExpressionAttributeValues: {
        ':seal': { N: String(seal.sequence) },
        ':row': seal.row === null ? { NULL: true } : { N: String(seal.row) },
      },
    }),
  );
};
