import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { TableHandle } from '../../shared/table.ts';

/** How far the copy is: every change up to this record that was visible at `askedAt` is stored. */
const watermark = z.object({
  stamp: z.iso.datetime(),
  id: z.string().regex(/^[A-Za-z0-9]{18}$/),
  askedAt: z.iso.datetime(),
});

export type Watermark = z.infer<typeof watermark>;

/**
 * The watermark and the lease are one item, so that a poll that has lost the lease cannot move the
 * watermark.
 */
const key = marshall({ run: 'poll', entry: 'watermark' });

export interface PollLease {
  readonly watermark: Watermark | undefined;
  /** False: another poll holds the lease by now. */
  readonly move: (watermark: Watermark) => Promise<boolean>;
  readonly giveBack: () => Promise<void>;
}

/**
 * Takes the lease until `until` (milliseconds since 1970), which must be later than the function
 * can live. `undefined`: another poll holds it.
 */
export const acquireLease = async (
  { client, name }: TableHandle,
  { holder, now, until }: { readonly holder: string; readonly now: number; readonly until: number },
): Promise<PollLease | undefined> => {
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
  const acquired = await update(
    'SET holder = :holder, #until = :until',
    'attribute_not_exists(holder) OR #until < :now',
    {
      ':now': now,
      ':until': until,
    },
  );
  if (!acquired) return undefined;
  const isOurs = 'holder = :holder AND #until > :zero';
  const storedItem = unmarshall(acquired.Attributes ?? {});
  return {
    watermark: storedItem.mark === undefined ? undefined : watermark.parse(storedItem.mark),
    move: async (position) =>
      (await update('SET mark = :to', isOurs, { ':to': position, ':zero': 0 })) !== undefined,
    giveBack: async () => {
      await update('SET #until = :zero', isOurs, { ':zero': 0 });
    },
  };
};
