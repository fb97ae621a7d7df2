import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { outboxKey } from '../incident/keys.ts';
import { partition, type Table } from '../incident/table.ts';
import { isRefused } from '../shared/errors.ts';
import { digest, fitting, type QueuedNotice } from './digest.ts';
import type { Letter } from './mail.ts';
import { dequeue, enqueue, sortKeyOf, toNotice } from './queue.ts';
import { type TellBeside, toldBeside } from './second-channel.ts';

/** What the outbox needs from outside. */
export interface Post {
  readonly table: Table;
  readonly publish: (letter: Letter) => Promise<void>;
  /** Tells the notices of a mail on the second channel; missing where there is none. */
  readonly tellBeside?: TellBeside;
  /** Records in the incident that its notice went out, and in which mail. */
  readonly sent: (notice: QueuedNotice, letter: Letter, at: number) => Promise<void>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const pk = outboxKey;
const senderKey = { pk: { S: pk }, sk: { S: 'SENDER' } };
/** A sender that did not renew its lease for so long is dead; another takes over. */
const leaseMs = 10_000;
/** At most one mail a second, from all senders together. */
const gapMs = 1_000;

const read = async (table: Table) => {
  const items = await partition(table, pk);
  const sender = items.find(({ sk }) => sk === 'SENDER');
  return {
    waiting: items.filter(({ sk }) => String(sk).startsWith('WAIT#')).map(toNotice),
    nextAt: Number(sender?.nextAt ?? 0),
    until: Number(sender?.until ?? 0),
  };
};

/** Only the holder of the lease sends. */
const acquire = async ({ table: { dynamo, name }, now }: Post): Promise<boolean> => {
  const values = { ':now': now(), ':until': now() + leaseMs };
  const ConditionExpression = 'attribute_not_exists(pk) OR #until < :now';
  const change = {
    UpdateExpression: 'SET #until = :until',
    ExpressionAttributeNames: { '#until': 'until' },
  };
  try {
    await dynamo.send(
      new UpdateItemCommand({
        TableName: name,
        Key: senderKey,
        ...change,
        ConditionExpression,
        ExpressionAttributeValues: marshall(values),
      }),
    );
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
};

const saveSender = ({ table: { dynamo, name } }: Post, until: number, nextAt: number) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: marshall({ ...{ pk, sk: 'SENDER' }, until, nextAt }),
    }),
  );

/**
 * Sends one mail with as many notices as fit; returns when the next may go. Notices are deleted
 * after they were sent, so that a crash sends them twice rather than never.
 */
const sendNext = async (post: Post, waiting: readonly QueuedNotice[]): Promise<number> => {
  const { table, now } = post;
  const taken = fitting(waiting);
  const [notice] = taken;
  if (!notice) return 0;
  const letter = waiting.length === 1 ? notice : digest(taken, waiting.length, now());
  await saveSender(post, now() + leaseMs, now() + gapMs);
  await post.publish(await toldBeside(post.tellBeside, taken, letter));
  const nextAt = now() + gapMs;
  const markSent = async (sent: QueuedNotice): Promise<void> => {
    await post.sent(sent, letter, now());
    await dequeue(table, sent);
  };
  await Promise.all(taken.map(markSent));
  return nextAt;
};

/** Sends until the queue is empty or the deadline has passed. */
const drain = async (post: Post, deadline: number): Promise<void> => {
  let { waiting, nextAt } = await read(post.table);
  while (waiting.length > 0 && post.now() < deadline) {
    const pause = nextAt - post.now();
    if (pause > 0) {
      await post.sleep(Math.min(pause, gapMs));
      ({ waiting } = await read(post.table));
    }
    nextAt = await sendNext(post, waiting);
    ({ waiting } = await read(post.table));
  }
  await saveSender(post, 0, nextAt);
};

/** Reads one key only: hundreds may be queued. */
const isQueued = async ({ dynamo, name }: Table, notice: QueuedNotice): Promise<boolean> => {
  const Key = { pk: { S: pk }, sk: { S: sortKeyOf(notice) } };
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: name, Key, ConsistentRead: true, ProjectionExpression: 'sk' }),
  );
  return Item !== undefined;
};

/**
 * Sends everything that is queued, also by a sender that died. The queue is read once more after
 * the lease was given back, so that a notice which came in between is not lost.
 */
export const sweep = async (post: Post, deadline: number): Promise<void> => {
  while (post.now() < deadline && (await acquire(post))) {
    await drain(post, deadline);
    const { waiting } = await read(post.table);
    if (waiting.length === 0) return;
  }
};

/**
 * Enqueues first, then sends if it gets the lease. The lease holder re-reads the queue after giving
 * the lease back, so no notice is lost. Returns without waiting when another sender holds the
 * lease: in a flood, waiting would use up the concurrency that others need to enqueue theirs.
 */
export const send = async (
  post: Post,
  notice: QueuedNotice,
  deadline: number,
): Promise<'sent' | 'waiting'> => {
  await enqueue(post.table, notice);
  await sweep(post, deadline);
  return (await isQueued(post.table, notice)) ? 'waiting' : 'sent';
};

/**
 * Enqueues all, and stays until they were sent or the deadline has passed: for a caller that no
 * state machine calls again.
 */
export const sendUntilSent = async (
  post: Post,
  notices: readonly QueuedNotice[],
  deadline: number,
): Promise<'sent' | 'waiting'> => {
  for (const notice of notices) await enqueue(post.table, notice);
  for (;;) {
    await sweep(post, deadline);
    const queued = await Promise.all(notices.map((notice) => isQueued(post.table, notice)));
    if (!queued.includes(true)) return 'sent';
    if (post.now() >= deadline) return 'waiting';
    await post.sleep(gapMs);
  }
};
