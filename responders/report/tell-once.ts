import { createHash } from 'node:crypto';
import { claimTelling } from '../incident/records.ts';
import { grouped } from '../shared/count.ts';
import { printable } from '../shared/printable.ts';
import type { Letter } from './mail.ts';
import { type Post, send } from './outbox.ts';

/** SNS takes 8 KB; a person reads so many. */
const mostShown = 20;

/** The first lines of a list, and how many more there are and who has them. */
export const shownLines = (lines: readonly string[], whoHasAll: string): readonly string[] => {
  const rest = lines.length - mostShown;
  return [
    ...lines.slice(0, mostShown).map((line) => `- ${printable(line, 300)}`),
    ...(rest > 0 ? [`- and ${grouped(rest)} more: ${whoHasAll}`] : []),
  ];
};

/** How long to try to send, in milliseconds. */
const sendMs = 15_000;

/**
 * Mails a letter of the check, unless one about the same was mailed a short time ago. What others
 * are told as well goes out beside it: neither waits for the other, and each may fail alone.
 */
export const tellOnce = async (
  about: readonly string[],
  {
    letter,
    everyMs,
    tellOthers,
  }: {
    readonly letter: Letter;
    readonly everyMs: number;
    readonly tellOthers?: Post['publish'] | undefined;
  },
  post: Post,
): Promise<void> => {
  const hash = createHash('sha256').update(about.join('\n')).digest('hex').slice(0, 16);
  const [what, now] = [`check-${hash}`, post.now()];
  if (!(await claimTelling(post.table, { what, by: String(now), now, everyMs }))) return;
  const notice = { kind: 'check', incident: what, round: 0, at: now, ...letter };
  const told = await Promise.allSettled([send(post, notice, now + sendMs), tellOthers?.(letter)]);
  for (const outcome of told) if (outcome.status === 'rejected') throw outcome.reason;
};
