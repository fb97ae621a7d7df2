import { answerIncident } from '../../operator/answer.ts';
import { HttpProblem, read } from '../../protected-app/shared/problem.ts';
import type { Case } from '../../responders/incident/case.ts';
import { questionDigest } from '../../responders/incident/proven-fields.ts';
import { isDrillOver, isOpenQuestion, leaveOf } from '../../responders/incident/question.ts';
import { answerBody } from '../schemas/requests.ts';
import { type ConsoleRequest, requireFresh, requireGroup } from './caller.ts';
import { type DecideDeps, decided, silently } from './decide-deps.ts';
import { caseIn } from './one-case.ts';
import { questionOf } from './question.ts';

/** Throws a 409 that carries the question as it is now, unless the person has seen this one. */
const requireCurrent = (known: Case, digest: string, { mask }: DecideDeps): void => {
  const { head } = known;
  if (isDrillOver(known) || !(isOpenQuestion(head) || leaveOf(head)))
    throw new HttpProblem(409, `${head.id} is ${head.state} and does not wait for an answer.`);
  if (questionDigest(head) === digest) return;
  throw new HttpProblem(
    409,
    'The question has changed since it was shown. Read what is asked now, then decide again.',
    { members: { question: questionOf(head, mask) } },
  );
};

/** `POST /incidents/{id}/answer`: contain, or leave alone. */
export const answer = (deps: DecideDeps) => async (request: ConsoleRequest) => {
  const caller = requireGroup(request, ['approvers']);
  requireFresh(caller, deps.now());
  const { digest, decision, reason } = read(answerBody, request.body, 'body');
  const known = await caseIn(request, deps.table);
  requireCurrent(known, digest, deps);
  const { id } = known.head;
  const says = `${decision}: ${reason}`;
  return decided(deps, { caller, request, incident: id, what: 'answer', says }, async () => {
    const place = await deps.placeOf(caller.name, 'approve');
    const wish = { contain: decision === 'contain', reason, shown: digest };
    const answered = await answerIncident(place, id, wish, silently);
    const { state, by, late, decision: after, secondNeeded } = answered;
    return {
      outcome: secondNeeded ? 'first yes of two' : state,
      body: { incidentId: id, state, by, late, secondNeeded, decision: deps.mask(after) },
    };
  });
};
