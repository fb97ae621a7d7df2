import { count } from '../shared/count.ts';
import { type Letter, subjectLine } from './mail.ts';
import type { Post } from './outbox.ts';
import { shownLines, tellOnce } from './tell-once.ts';

/** Exemptions and suppressions that have ended, so that Cordon acts again. */
export const expiredLetter = (expired: readonly string[], account: string): Letter => {
  const entries = count(expired.length, 'entry', 'entries');
  return {
    subject: subjectLine(`Cordon's configuration: ${entries} expired`),
    body: `${[
      `What:  ${entries} of neverContain or suppressions expired and no longer counted`,
      `Where: account ${account}`,
      'State: Cordon contains and tells what they kept from it. NEXT: ask the owner; then give ' +
        'the entry a later end, or remove it, and deploy.',
      '',
      ...shownLines(expired, '"cordon policy explain" prints all'),
      '',
      'The same entries are told once a week.',
    ].join('\n')}\n`,
  };
};

/** A little less than a week, so that the check of the same hour a week later tells again. */
const weekMs = 6.9 * 86_400_000;

/** Mails the expired entries, unless the same ones were mailed within a week. */
export const tellExpired = (
  expired: readonly string[],
  { post, account }: { readonly post: Post; readonly account: string },
): Promise<void> =>
  tellOnce(expired, { letter: expiredLetter(expired, account), everyMs: weekMs }, post);
