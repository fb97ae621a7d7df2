import { count } from '../shared/count.ts';
import { type Letter, subjectLine } from './mail.ts';
import type { Post } from './outbox.ts';
import { shownLines, tellOnce } from './tell-once.ts';

/** What of Cordon itself is not as it was deployed. */
export const differenceLetter = (differences: readonly string[], account: string): Letter => ({
  subject: subjectLine(
    `Cordon itself differs from what was deployed: ${count(differences.length, 'difference')}`,
  ),
  body: `${[
    `What:  ${count(differences.length, 'part')} of Cordon changed without a deployment`,
    `Where: account ${account}`,
    'State: findings may not be contained, or not told. NEXT: deploy Cordon again, then find ' +
      'out in CloudTrail who made the change. If no person of yours did, stop this caller.',
    '',
    ...shownLines(differences, 'the log of CheckLambda has all'),
    '',
    'The same differences are told once a day, for as long as they last.',
  ].join('\n')}\n`,
});

/** A retry within the same hour tells nothing again; the next day does. */
const quietMs = 23.5 * 3_600_000;

/** The comparison of a topic names it first. */
const isAboutMails = (difference: string): boolean => difference.startsWith('topic ');

/**
 * Mails the differences, unless the same ones were mailed within a day. Where a topic reaches other
 * addresses than were deployed, the mail may reach nobody, so it goes to `tellOthers` too.
 */
export const tellDifferences = (
  differences: readonly string[],
  {
    post,
    account,
    tellOthers,
  }: {
    readonly post: Post;
    readonly account: string;
    readonly tellOthers?: Post['publish'] | undefined;
  },
): Promise<void> => {
  const letter = differenceLetter(differences, account);
  const others = differences.some(isAboutMails) ? { tellOthers } : {};
  return tellOnce(differences, { letter, everyMs: quietMs, ...others }, post);
};
