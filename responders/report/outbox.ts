import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { partition, type Table } from '../incident/case.ts';
import { isRefused } from '../shared/errors.ts';
import { digest, fitting, type Waiting } from './digest.ts';
import type { Letter } from './mail.ts';

/** What the outbox needs from outside. */
export interface Post {
  readonly table: Table;
  readonly publish: (letter: Letter) => Promise<void>;
  /** Remembers in the incident that its notice went out, and in which mail. */
  readonly sent: (notice: Waiting, letter: Letter, at: number) => Promise<void>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const pk = 'MAILRATE';
const senderKey = { pk: { S: pk }, sk: { S: 'SENDER' } };
/** A sender that has said nothing for so long is dead; another one takes over. */
const lease = 10_000;
/** At most one mail a second, whoever sends. */
const gap = 1_000;

/** A retry writes the same notice again, and not a second one. */
const sortOf = ({ incident, round, kind }: Waiting): string => `WAIT#${incident}#${round}#${kind}`;

const enqueue = ({ dynamo, name }: Table, notice: Waiting) =>
  dynamo.send(
    new PutItemCommand({ TableName: name, Item: marshall({ pk, sk: sortOf(notice), ...notice }) }),
  );

const toWaiting = (item: Readonly<Record<string, unknown>>): Waiting => ({
  incident: String(item.incident),
  kind: String(item.kind),
  round: Number(item.round),
  at: Number(item.at),
  subject: String(item.subject),
  body: String(item.body),
});

const read = async (table: Table) => {
  const items = await partition(table, pk);
  const sender = items.find(({ sk }) => sk === 'SENDER');
  return {
    waiting: items.filter(({ sk }) => String(sk).startsWith('WAIT#')).map(toWaiting),
    nextAt: Number(sender?.nextAt ?? 0),
    until: Number(sender?.until ?? 0),
  };
};

/** Only one sends at a time: the one whose lease this is. */
const acquire = async ({ table: { dynamo, name }, now }: Post): Promise<boolean> => {
  const values = { ':now': now(), ':until': now() + lease };
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

const sayWhen = ({ table: { dynamo, name } }: Post, until: number, nextAt: number) =>
  dynamo.send(
    new PutItemCommand({
      TableName: name,
      Item: marshall({ ...{ pk, sk: 'SENDER' }, until, nextAt }),
    }),
  );

/**
 * One mail with as much as fits, and when the next may go. Deleted after it was sent, so that a
 * crash sends twice rather than never.
 */
const sendSome = async (post: Post, waiting: readonly Waiting[]): Promise<number> => {
  const { table, now } = post;
  const taken = fitting(waiting);
  const [only, ...others] = taken;
  if (!only) return 0;
  const letter =
    waiting.length === 1 && others.length === 0 ? only : digest(taken, waiting.length, now());
  await sayWhen(post, now() + lease, now() + gap);
  await post.publish(letter);
  const nextAt = now() + gap;
  const forget = async (notice: Waiting): Promise<void> => {
    await post.sent(notice, letter, now());
    await table.dynamo.send(
      new DeleteItemCommand({
        TableName: table.name,
        Key: { pk: { S: pk }, sk: { S: sortOf(notice) } },
      }),
    );
  };
  await Promise.all(taken.map(forget));
  return nextAt;
};

/** Sends until nothing waits, at most for so long. */
const drain = async (post: Post, deadline: number): Promise<void> => {
  let { waiting, nextAt } = await read(post.table);
  while (waiting.length > 0 && post.now() < deadline) {
    const pause = nextAt - post.now();
    if (pause > 0) {
      await post.sleep(Math.min(pause, gap));
      ({ waiting } = await read(post.table));
    }
    nextAt = await sendSome(post, waiting);
    ({ waiting } = await read(post.table));
  }
  await sayWhen(post, 0, nextAt);
};

/** One small read: hundreds may be waiting. */
const isThere = async ({ dynamo, name }: Table, notice: Waiting): Promise<boolean> => {
  const Key = { pk: { S: pk }, sk: { S: sortOf(notice) } };
  const { Item } = await dynamo.send(
    new GetItemCommand({ TableName: name, Key, ConsistentRead: true, ProjectionExpression: 'sk' }),
  );
  return Item !== undefined;
};

/**
 * Sends whatever waits, also what a sender left behind that died. What came between the last look
 * and the end of the lease is seen by a second look, or by whoever wrote it.
 */
export const sweep = async (post: Post, deadline: number): Promise<void> => {
  while (post.now() < deadline && (await acquire(post))) {
    await drain(post, deadline);
    const { waiting } = await read(post.table);
    if (waiting.length === 0) return;
  }
};

/**
 * Sends a notice, or leaves it to whoever is sending, and does not wait for him: in a flood,
 * waiting would keep others from writing theirs down. A notice is written down first. Whoever holds
 * the lease gives it back and only then looks whether something came meanwhile; whoever comes while
 * it is held has written before he looked: so nothing is left behind.
 */
export const send = async (
  post: Post,
  notice: Waiting,
  deadline: number,
): Promise<'sent' | 'waiting'> => {
  await enqueue(post.table, notice);
  await sweep(post, deadline);
  return (await isThere(post.table, notice)) ? 'waiting' : 'sent';
};
