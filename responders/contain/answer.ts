import { decideApproved } from '../decide/policy.ts';
import { parseFinding } from '../finding/finding.ts';
import type { Case, Head } from '../incident/case.ts';
import { reopenIncident } from '../incident/case-table.ts';
import type { Decision } from '../incident/incident.ts';
import { readCase } from '../incident/read-case.ts';
import { jsonIn } from '../shared/json.ts';
import { applyReadings, firstTurn } from './apply.ts';
import { type ContainDeps, type JudgedFinding, judge } from './judge.ts';
import { type Contained, contained, followUps } from './next-step.ts';
import { isCounted, recordsOf } from './opening.ts';
import { resume } from './repeat.ts';
import { turnSeconds } from './turn.ts';

export interface Answer {
  readonly approved: boolean;
  readonly by: string;
  readonly reason: string;
}

/** The person's reason is part of the decision, which mails and reports print. */
const withAnswer = (decision: Decision, { by, reason }: Omit<Answer, 'approved'>): Decision =>
  decision.kind === 'contain'
    ? { ...decision, reason: `${decision.reason}: ${reason}` }
    : { ...decision, reason: `${decision.reason} (approved by ${by}: ${reason})` };

/**
 * An approval is never decided on incomplete facts: slow reads throw, the state machine retries
 * them, and reports when it gives up.
 */
const judgeApproved = (
  { head, findings }: Case,
  answer: Answer,
  deps: ContainDeps,
): Promise<JudgedFinding> => {
  const finding = parseFinding(jsonIn(findings.at(-1)?.raw ?? ''), head.drill);
  return judge(finding, (known) => withAnswer(decideApproved(known, answer.by), answer), deps);
};

const judgeLeft = ({ head, findings }: Case, { by, reason }: Answer): JudgedFinding => ({
  finding: parseFinding(jsonIn(findings.at(-1)?.raw ?? ''), head.drill),
  decision: { kind: 'notify', reason: `left alone by ${by}: ${reason}` },
  suspect: head.suspect,
  readings: [],
});

/** Writes the answer with what it decides, and contains where it says so. */
export const applyAnswer = async (
  incident: Case,
  answer: Answer,
  deps: ContainDeps,
  over: Partial<Pick<Head, 'round' | 'execution' | 'clocks'>> = {},
): Promise<Contained> => {
  const { table, now } = deps;
  const { head } = incident;
  const { approved, by, reason } = answer;
  const judged = approved
    ? await judgeApproved(incident, answer, deps)
    : judgeLeft(incident, answer);
  const next: Head = {
    ...head,
    ...over,
    decision: judged.decision,
    state: followUps[judged.decision.kind].state,
    suspect: judged.suspect ?? head.suspect,
    code: judged.code ?? head.code,
    answers: [...(head.answers ?? []), { at: now(), by, contain: approved, reason }],
    busyUntil: judged.decision.kind === 'contain' ? now() + turnSeconds.contain * 1000 : 0,
  };
  const won = await reopenIncident(table, {
    head: next,
    from: head.state,
    befores: recordsOf(judged.readings, deps),
    counts: isCounted(head, judged.decision),
    at: now(),
  });
  if (!won || judged.decision.kind !== 'contain') return contained(won ? next : head, deps);
  return applyReadings(firstTurn(next), judged.readings, deps);
};

/** Continues an incident after a person answered its question, or the time limit did. */
export const containAnswered = async (
  id: string,
  answer: Answer,
  deps: ContainDeps,
): Promise<Contained> => {
  const incident = await readCase(deps.table, id);
  const { head } = incident;
  if (head.state === 'open') return resume(incident, true, deps);
  if (head.state !== 'awaiting-approval') return contained(head, deps);
  return applyAnswer(incident, answer, deps);
};
