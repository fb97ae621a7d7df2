import { type Case, type Head, noClocks } from '../incident/case.ts';
import { isDrillOver, isOpenQuestion, leaveOf } from '../incident/question.ts';
import { applyAnswer } from './answer.ts';
import type { Answer } from './believed.ts';
import type { JudgeDeps } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { resume } from './repeat.ts';

/** A late answer that is believed, and the execution that brings it. */
export interface LateArrival extends Answer {
  /** The round of the question. */
  readonly round: number;
  readonly execution: string;
}

/** A person's no to a question that nobody had answered: it is asked no more. */
const leaveLate = async (incident: Case, answer: Answer, deps: JudgeDeps): Promise<Contained> => {
  if (incident.head.state === 'unanswered') await applyAnswer(incident, answer, deps);
  return contained(incident.head, deps, 'none');
};

/** This execution waits for nobody: it tells, and ends. */
const nextOfOpen = (head: Head, { refused }: Contained): Contained['next'] => {
  if (refused) return 'unbelieved';
  return isOpenQuestion(head) ? 'remind' : 'none';
};

/**
 * Contains after all what a person, or the time limit, has left alone: in a new round, so that its
 * evidence and its reports have a folder of their own. The same ends a wait that nobody can answer
 * any more, because its token was used up. An answer that is too late changes nothing.
 */
export const applyLateAnswer = async (
  incident: Case,
  { execution, round, ...answer }: LateArrival,
  deps: JudgeDeps,
): Promise<Contained> => {
  const { head } = incident;
  if (head.execution === execution)
    return head.state === 'open' ? resume(incident, true, deps) : contained(head, deps);
  const isOpen = leaveOf(head) || head.state === 'awaiting-approval';
  if (head.round !== round || !isOpen || isDrillOver(incident))
    return contained(head, deps, 'none');
  if (!answer.approved) return leaveLate(incident, answer, deps);
  const { activity, finding, event, received } = head.clocks;
  const answered = await applyAnswer(incident, answer, deps, {
    round: head.round + 1,
    execution,
    clocks: { ...noClocks(), activity, finding, event, received },
  });
  return answered.next === 'ask' ? { ...answered, next: nextOfOpen(head, answered) } : answered;
};
