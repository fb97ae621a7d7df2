import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Table } from '../../shared/table.ts';

/**
 * How far the copy is: everything that Salesforce had up to this record, when it was asked, is
 * stored.
 */
const watermark = z.object({
  stamp: z.iso.datetime(),
  id: z.string().regex(/^[A-Za-z0-9]{18}$/),
  askedAt: z.iso.datetime(),
});

export type Watermark = z.infer<typeof watermark>;

/**
 * The watermark and the lease of whoever may move it are one item, so that nobody moves it who has
 * lost the lease.
 */
const key = marshall({ run: 'poll', entry: 'watermark' });

export interface Lease {
  readonly watermark: Watermark | undefined;
  /** False: the lease is somebody else's by now. */
  readonly move: (to: Watermark) => Promise<boolean>;
  readonly giveBack: () => Promise<void>;
}

/**
 * Takes the lease until `until` (milliseconds since 1970), which is later than the function can
 * live. `undefined`: another poll has it.
 */
export const lease = async (
  { client, name }: Table,
  { holder, now, until }: { readonly holder: string; readonly now: number; readonly until: number },
): Promise<Lease | undefined> => {
  const update = async (
    UpdateExpression: string,
    ConditionExpression: string,
    values: Record<string, unknown>,
  ) =>
    client
      .send(
        new UpdateItemCommand({
          TableName: name,
          Key: key,
          UpdateExpression,
          ConditionExpression,
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: marshall({ ':holder': holder, ...values }),
          ReturnValues: 'ALL_NEW',
        }),
      )
      .catch((error: unknown) => {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      });
  const taken = await update(
    'SET holder = :holder, #until = :until',
    'attribute_not_exists(holder) OR #until < :now',
    {
      ':now': now,
      ':until': until,
    },
  );
  if (!taken) return undefined;
  const mine = 'holder = :holder AND #until > :zero';
  const known = unmarshall(taken.Attributes ?? {});
  return {
    watermark: known.mark === undefined ? undefined : watermark.parse(known.mark),
    move: async (to) =>
      (await update('SET mark = :to', mine, { ':to': to, ':zero': 0 })) !== undefined,
    giveBack: async () => {
      await update('SET #until = :zero', mine, { ':zero': 0 });
    },
  };
};
