import type { Head } from '../../responders/incident/case.ts';
import { questionDigest } from '../../responders/incident/proven-fields.ts';
import { isOpenQuestion, leaveOf } from '../../responders/incident/question.ts';
import { suspectNames, suspectsOf } from '../../responders/incident/suspect.ts';
import { countedYeses } from '../../responders/incident/yeses.ts';
import { decisionFacts } from '../../responders/report/question-words.ts';
import { printable } from '../../responders/shared/printable.ts';
import type { Mask } from '../../responders/shared/redact.ts';
import { type ConsoleRequest, requireGroup } from './caller.ts';
import { caseIn } from './one-case.ts';
import { everybody, type ReadDeps } from './read-deps.ts';
import { tagged } from './tagged.ts';

/**
 * What a person decides on, with the digest that an answer has to name. The token with which the
 * wait is ended is not in it, and the role of this function may not read it.
 */
export const questionOf = (head: Head, mask: Mask) => {
  const show = (text: string, limit?: number): string => printable(mask(text), limit);
  const { id, state, round, drill, finding, proposal, timeLimit, answers = [] } = head;
  return {
    incidentId: id,
    digest: questionDigest(head),
    /** Whether an answer would be taken now; one that comes late is taken, too. */
    open: isOpenQuestion(head) || leaveOf(head) !== undefined,
    state,
    round,
    drill,
    finding: {
      type: show(finding.type, 100),
      severity: finding.severity,
      title: show(finding.title),
      account: finding.account,
      region: finding.region,
      revisions: finding.revisions,
    },
    about: suspectsOf(head).map((suspect) => ({
      kind: suspect.kind,
      names: suspectNames(suspect).map((name) => show(name, 140)),
    })),
    facts: decisionFacts(head, show, { label: 'Why' }),
    changes: (proposal?.changes ?? []).map(({ title, target, stops }) => ({
      title,
      target: show(target, 140),
      stops,
    })),
    callers: proposal?.callers?.map((caller) => show(caller, 140)) ?? null,
    timeLimit: timeLimit ?? null,
    answers: answers.map((answer) => ({ ...answer, reason: show(answer.reason, 500) })),
    twoPersons: proposal?.twoPersons === true,
    doubted: proposal?.doubted === true,
    yeses: countedYeses(head).map(({ at, by, reason }) => ({ at, by, reason: show(reason, 500) })),
  };
};

/** `GET /incidents/{id}/question` */
export const question = (deps: ReadDeps) => async (request: ConsoleRequest) => {
  requireGroup(request, everybody);
  const { head } = await caseIn(request, deps.table);
  return tagged(request, questionOf(head, deps.mask));
};
