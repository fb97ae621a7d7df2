import { PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { listAt, numberAt, textAt } from '../shared/json.ts';
import { toItem } from './items.ts';
import { checkedKey, tamperedKey } from './keys.ts';
import { partition, type Table } from './table.ts';

/** The last comparison of Cordon with what was deployed. */
export interface LastCheck {
  readonly at: number;
  readonly differences: readonly string[];
}

/** An item of DynamoDB is small; the mail and the log name more. */
const mostDifferences = 50;

/** Remembers what a comparison has found, and nothing of the one before. */
export const saveCheck = ({ dynamo, name }: Table, { at, differences }: LastCheck) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: toItem({
        ...{ pk: checkedKey, sk: 'LAST', at, count: differences.length },
        differences: differences.slice(0, mostDifferences).map((text) => text.slice(0, 600)),
      }),
    }),
  );

/** What the last comparison has found; nothing before the first one. */
export const lastCheck = async (table: Table): Promise<LastCheck | undefined> => {
  const [item] = await partition(table, checkedKey);
  const at = numberAt(item, 'at');
  return at === null ? undefined : { at, differences: listAt(item, 'differences').map(String) };
};

/** A call against Cordon itself, as it was told. */
export interface ToldTampering {
  /** When, as CloudTrail says. */
  readonly at: string;
  readonly eventId: string;
  /** `lambda:DeleteFunction20150331` */
  readonly call: string;
  readonly resource: string;
  readonly caller: string;
  readonly from: string;
  /** `done`, `denied`, or the code of the error. */
  readonly result: string;
  readonly times: number;
}

const quarterMs = 90 * 86_400_000;

/** Remembers calls for a quarter of a year; the same call told again overwrites itself. */
export const saveTampering = async (
  { dynamo, name }: Table,
  calls: readonly ToldTampering[],
  now: number,
): Promise<void> => {
  for (const call of calls)
    await dynamo.send(
      new PutItemCommand({
        TableName: name,
        Item: toItem({
          ...{ pk: tamperedKey, sk: `${call.at}#${call.eventId}`, ...call },
          expiresAt: Math.floor((now + quarterMs) / 1_000),
        }),
      }),
    );
};

const words = ['at', 'eventId', 'call', 'resource', 'caller', 'from', 'result'] as const;

/** The latest calls against Cordon itself, the newest first. */
export const toldTampering = async (
  { dynamo, name }: Table,
  most: number,
): Promise<readonly ToldTampering[]> => {
  const { Items = [] } = await dynamo.send(
    new QueryCommand({
      TableName: name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: tamperedKey } },
      ScanIndexForward: false,
      Limit: most,
    }),
  );
  return Items.map((stored) => {
    const item = unmarshall(stored);
    const [at, eventId, call, resource, caller, from, result] = words.map(
      (word) => textAt(item, word) ?? '',
    ) as [string, string, string, string, string, string, string];
    const times = numberAt(item, 'times') ?? 1;
    return { at, eventId, call, resource, caller, from, result, times };
  });
};
