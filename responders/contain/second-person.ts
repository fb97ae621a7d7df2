import type { Head } from '../incident/case.ts';
import { recordYes } from '../incident/first-yes.ts';
import { digestIn, refused } from '../incident/proof.ts';
import { isApprover, personId, personName } from '../incident/same-person.ts';
import { countedYeses, type GivenYes } from '../incident/yeses.ts';
import { BusyError } from '../shared/errors.ts';
import type { Answer } from './believed.ts';
import type { ContainDeps, JudgedFinding } from './judge.ts';

/** What an answer is worth: enough, a first yes that waits for a second person, or nothing. */
type Heard =
  | { readonly is: 'enough'; readonly first?: GivenYes }
  | { readonly is: 'first' }
  | { readonly is: 'refused'; readonly why: string };

/** Whether two persons must approve. What became critical after the question counts as well. */
const needsTwo = (
  { proposal }: Head,
  { approved, signed }: Answer,
  { decision, twoPersons }: JudgedFinding,
): boolean =>
  approved &&
  signed !== undefined &&
  decision.kind === 'contain' &&
  (proposal?.twoPersons === true || twoPersons === true);

/** Whether this very answer was recorded before: a retry of its execution, or a copy of it. */
export const isRecorded = (head: Head, proof: unknown): boolean =>
  typeof proof === 'string' && countedYeses(head).some(({ mark }) => mark === digestIn(proof));

/**
 * Hears an answer where two persons must approve: records the first yes, takes the second from
 * another person only. STS has said who signed each.
 */
export const heardYes = async (
  head: Head,
  answer: Answer,
  judged: JudgedFinding,
  { table, settings, now }: ContainDeps,
): Promise<Heard> => {
  const { signed, by, reason } = answer;
  if (!signed || !needsTwo(head, answer, judged)) return { is: 'enough' };
  if (!isApprover(signed.person, settings)) return { is: 'refused', why: refused('outsider').why };
  const person = personId(signed.person, settings);
  const name = personName(signed.person, settings);
  const isTheirs = (yes: GivenYes): boolean =>
    yes.person === person ||
    (name !== undefined && personName({ arn: yes.by, userId: '' }, settings) === name);
  const yeses = countedYeses(head);
  if (yeses.some(isTheirs)) return { is: 'refused', why: refused('same').why };
  const [first] = yeses;
  if (first) return { is: 'enough', first };
  const { round, finding, proposal } = head;
  const yes: GivenYes = {
    ...{ at: now(), by, reason, person, mark: signed.mark },
    ...{ round, revisions: finding.revisions },
  };
  const asked = proposal ?? { because: head.decision.reason, changes: [], callers: null };
  if (await recordYes(table, head, yes, asked)) return { is: 'first' };
  throw new BusyError('the question was changed at the same time');
};
