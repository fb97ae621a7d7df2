import { noClocks } from '../incident/case.ts';
import { isDrillOver, isProof, type LateAnswer, leaveOf } from '../incident/question.ts';
import { readCase } from '../incident/read-case.ts';
import { questionToken } from '../incident/records.ts';
import { applyAnswer } from './answer.ts';
import type { ContainDeps } from './judge.ts';
import { type Contained, contained } from './next-step.ts';
import { resume } from './repeat.ts';

/** A late answer as it arrives: with its proof, and the execution that brings it. */
export interface LateArrival extends LateAnswer {
  readonly proof: string;
  readonly execution: string;
}

/**
 * Contains after all what a person, or the time limit, has left alone: in a new round, so that its
 * evidence and its reports have a folder of their own. Without a valid proof nothing is changed,
 * and the state machine reports the attempt. An answer that is too late changes nothing.
 */
export const containLate = async (
  id: string,
  arrival: LateArrival,
  deps: ContainDeps,
): Promise<Contained> => {
  const { proof, execution, ...answer } = arrival;
  const incident = await readCase(deps.table, id);
  const { head } = incident;
  const token = await questionToken(deps.table, id);
  if (token === undefined || !isProof(proof, token, id, answer))
    return contained(head, deps, 'unbelieved');
  if (head.execution === execution)
    return head.state === 'open' ? resume(incident, true, deps) : contained(head, deps);
  if (head.round !== answer.round || !leaveOf(head) || isDrillOver(incident))
    return contained(head, deps, 'none');
  const { by, reason } = answer;
  const { activity, finding, event, received } = head.clocks;
  return applyAnswer(incident, { approved: true, by, reason }, deps, {
    round: head.round + 1,
    execution,
    clocks: { ...noClocks(), activity, finding, event, received },
  });
};
