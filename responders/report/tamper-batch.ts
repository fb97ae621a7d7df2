import { createHash } from 'node:crypto';
import { saveTampering, type ToldTampering } from '../incident/own-state.ts';
import { claimTelling } from '../incident/records.ts';
import { WaitingError } from '../shared/errors.ts';
import { at, jsonIn, listAt, textAt } from '../shared/json.ts';
import { printable } from '../shared/printable.ts';
import { type Post, sendUntilSent } from './outbox.ts';
import { type TamperCall, type TamperScope, tamperCall } from './tamper-call.ts';
import { grouped, groupKey, restLetter, type TamperGroup, tamperLetter } from './tamper-mail.ts';

export interface TamperDeps {
  readonly post: Post;
  readonly watched: TamperScope;
  readonly account: string;
}

/** What SQS takes as the messages that it must deliver again. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface HeardBatch {
  readonly calls: readonly TamperCall[];
  readonly unreadable: readonly string[];
}

const readBatch = (input: unknown, watched: TamperScope): HeardBatch => {
  const calls: TamperCall[] = [];
  const unreadable: string[] = [];
  for (const message of listAt(input, 'Records')) {
    const event = jsonIn(textAt(message, 'body') ?? '');
    if (at(event, 'detail.eventName') === undefined)
      unreadable.push(textAt(message, 'messageId') ?? '');
    else calls.push(...[tamperCall(event, watched)].filter((call) => call !== undefined));
  }
  return { calls, unreadable };
};

/** The same calls have the same name, so that a second delivery overwrites the first. */
const nameOf = (text: string): string =>
  `tamper-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;

const quietMs = 10 * 60_000;

/**
 * The groups to tell: each that changed something, and the others once in ten minutes. So a flood
 * of refused calls cannot fill the mailbox, and no change that was made stays untold.
 */
const news = async (
  groups: readonly TamperGroup[],
  { post: { table, now } }: TamperDeps,
): Promise<readonly TamperGroup[]> => {
  const claims = await Promise.all(
    groups.map(async (group) => {
      const telling = { what: nameOf(groupKey(group)), by: group.latest.eventId };
      return (
        group.latest.result === 'done' ||
        claimTelling(table, { ...telling, now: now(), everyMs: quietMs })
      );
    }),
  );
  return groups.filter((_group, index) => claims[index]);
};

/** A person reads so many; a flood of different refused calls is a number. */
const mostGroups = 20;

const noticesOf = (groups: readonly TamperGroup[], account: string, at: number) => {
  // Changes that were made stand first, and are told whatever their number.
  const most = Math.max(mostGroups, groups.filter(({ latest }) => latest.result === 'done').length);
  const [shown, rest] = [groups.slice(0, most), groups.slice(most)];
  const common = { kind: 'tamper', round: 0, at };
  const notices = shown.map((group) => ({
    ...common,
    ...tamperLetter(group, account),
    incident: nameOf(group.latest.eventId),
  }));
  const [group] = rest;
  if (group === undefined) return notices;
  const counted = { ...restLetter(rest.length, account), incident: nameOf(groupKey(group)) };
  return [...notices, { ...common, ...counted }];
};

/** A flood of different calls must not keep its mail waiting; what was changed stands first. */
const mostKept = 40;

const toldOf = ({ latest, times }: TamperGroup): ToldTampering => ({
  at: printable(latest.time, 40),
  eventId: printable(latest.eventId, 60),
  call: `${printable(latest.service, 40)}:${printable(latest.call, 80)}`,
  resource: printable(latest.resource, 160),
  caller: printable(latest.caller, 160),
  from: printable(latest.from, 60),
  result: printable(latest.result, 60),
  times,
});

/** How long to try to send, in milliseconds. The function may run for 30 s. */
const sendMs = 20_000;

/** Tells what a batch of CloudTrail's events says about Cordon; several calls share a mail. */
export const tellTampering = async (input: unknown, deps: TamperDeps): Promise<BatchAnswer> => {
  const { post, watched, account } = deps;
  const { calls, unreadable } = readBatch(input, watched);
  const groups = await news(grouped(calls), deps);
  await saveTampering(post.table, groups.slice(0, mostKept).map(toldOf), post.now());
  const notices = noticesOf(groups, account, post.now());
  if (notices.length > 0) {
    const how = await sendUntilSent(post, notices, post.now() + sendMs);
    if (how === 'waiting')
      throw new WaitingError('other notices are sent first: the batch comes again');
  }
  return { batchItemFailures: unreadable.map((itemIdentifier) => ({ itemIdentifier })) };
};
