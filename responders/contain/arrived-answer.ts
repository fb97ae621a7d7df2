import type { Case, Head } from '../incident/case.ts';
import { incidentIdOf } from '../incident/input.ts';
import { digestIn } from '../incident/proof.ts';
import { answerFields } from '../incident/proven-fields.ts';
import { timeLimitName } from '../incident/question.ts';
import { readCase } from '../incident/read-case.ts';
import { suspectsOf } from '../incident/suspect.ts';
import { at, numberAt, textAt } from '../shared/json.ts';
import { containAnswered } from './answer.ts';
import { type Answer, believedPerson } from './believed.ts';
import type { JudgeDeps } from './judge.ts';
import { applyLateAnswer } from './late-answer.ts';
import { type Contained, contained } from './next-step.ts';
import { resume } from './repeat.ts';
import { isRecorded } from './second-person.ts';

/** As long a reason as is kept. */
export const longestReason = 500;

const believedAnswer = async (
  input: unknown,
  { head }: Case,
  deps: JudgeDeps,
): Promise<Answer | { readonly why: string }> => {
  const word = {
    contain: at(input, 'answer.approved') === true,
    by: textAt(input, 'answer.by') ?? '',
    reason: textAt(input, 'answer.reason') ?? '',
  };
  // An answer that comes late names the round of its question, which may be over.
  const round = numberAt(input, 'answer.round') ?? head.round;
  const credential = { proof: at(input, 'answer.proof'), identity: at(input, 'answer.identity') };
  const person = await believedPerson(
    'answer',
    answerFields({ ...head, round }, word),
    credential,
    {
      suspects: suspectsOf(head),
      deps,
    },
  );
  if (!('why' in person)) {
    const signed = { person, mark: digestIn(String(credential.proof)) };
    const { contain: approved, by, reason } = word;
    return { approved, by, reason: reason.slice(0, longestReason), signed };
  }
  deps.log('answer refused', { incidentId: head.id, why: person.kind });
  return { why: person.why };
};

/** How much earlier than its end a wait may be over by the clock of this function. */
const toleranceMs = 30_000;

const endOf = ({ timeLimit, clocks }: Head, { settings }: JudgeDeps): number =>
  timeLimit?.endsAt ?? (clocks.received ?? 0) + settings.approvalMinutes * 60_000;

/**
 * What the time limit answers; nothing before its end, whoever says that it has passed. A question
 * that was never sent is not answered by silence.
 */
const silence = ({ head, mails }: Case, deps: JudgeDeps): Answer | { readonly why: string } => {
  if (deps.now() < endOf(head, deps) - toleranceMs) return { why: 'an answer may still come' };
  const isAsked = mails.some(({ kind, round }) => kind === 'ask' && round === head.round);
  return {
    approved: deps.settings.onTimeout === 'contain',
    by: timeLimitName,
    reason: isAsked ? 'nobody answered in time' : 'the question could not be asked',
  };
};

/** Continues the execution that waits for an answer. Whoever knows its token can end the wait. */
const toWaiting = async (input: unknown, incident: Case, deps: JudgeDeps): Promise<Contained> => {
  const { head } = incident;
  // A retry finds what the answer has led to: it was believed then.
  if (head.state === 'open') return resume(incident, true, deps);
  if (head.state !== 'awaiting-approval') return contained(head, deps);
  if (isRecorded(head, at(input, 'answer.proof'))) return contained(head, deps, 'ask');
  const isSilent = at(input, 'answer.silent') === true;
  const answer = isSilent ? silence(incident, deps) : await believedAnswer(input, incident, deps);
  if (!('why' in answer)) return containAnswered(head.id, answer, deps);
  const refused = { what: isSilent ? 'silence' : 'answer', why: answer.why } as const;
  return { ...contained(head, deps, 'ask'), refused };
};

/**
 * An answer, by the token of a question or as the input of an execution of its own. Both ways are
 * open to whoever has rights over executions, so neither is believed without a proof.
 */
export const arrivedAnswer = async (input: unknown, deps: JudgeDeps): Promise<Contained> => {
  const incident = await readCase(deps.table, incidentIdOf(input));
  const execution = textAt(input, 'execution');
  if (execution === null) return toWaiting(input, incident, deps);
  if (isRecorded(incident.head, at(input, 'answer.proof')))
    return contained(incident.head, deps, 'none');
  const answer = await believedAnswer(input, incident, deps);
  if (!('why' in answer)) {
    const round = numberAt(input, 'answer.round') ?? 0;
    return applyLateAnswer(incident, { ...answer, round, execution }, deps);
  }
  const refused = { what: 'answer', why: answer.why } as const;
  return { ...contained(incident.head, deps, 'unbelieved'), refused };
};
