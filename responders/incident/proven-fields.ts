import { createHash } from 'node:crypto';
import type { Head } from './case.ts';
import type { ProvenFields } from './proof.ts';

type Proven = ProvenFields & { readonly by: string };

/** What a person says, and who says it. */
interface Word {
  readonly by: string;
  readonly reason: string;
}

/** What the proof of a release covers. */
export const releaseFields = (
  { id, round }: Pick<Head, 'id' | 'round'>,
  { by, reason, letSessionsLive }: Word & { readonly letSessionsLive: boolean },
): Proven => ({ incident: id, round, by, reason, letSessionsLive });

/** A yes to an earlier asking must not be sent again as a yes to this one. */
const askingOf = ({ proposal, finding, yesesSince }: Head): readonly unknown[] =>
  proposal?.twoPersons ? [{ revisions: finding.revisions, yesesSince }] : [];

/** What was asked, so that an answer to another question is no answer to this one. */
export const questionDigest = (head: Head): string => {
  const { suspect, suspects = [], proposal, timeLimit } = head;
  const asked = [suspect, proposal ?? null, timeLimit?.askedAt ?? null, ...suspects];
  return createHash('sha256')
    .update(JSON.stringify([...asked, ...askingOf(head)]))
    .digest('hex');
};

/** What the proof of an answer covers. */
export const answerFields = (
  head: Head,
  { contain, by, reason }: Word & { readonly contain: boolean },
): Proven => ({
  incident: head.id,
  round: head.round,
  question: questionDigest(head),
  contain,
  by,
  reason,
});
