import { decideApproved } from '../decide/policy.ts';
import { parseFinding } from '../finding/finding.ts';
import type { Head } from '../incident/case.ts';
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
const withAnswer = (decision: Decision, { by, reason }: Pick<Answer, 'by' | 'reason'>): Decision =>
  decision.kind === 'contain'
    ? { ...decision, reason: `${decision.reason}: ${reason}` }
    : { ...decision, reason: `${decision.reason} (approved by ${by}: ${reason})` };

/** Continues an incident after a person answered its question, or the time limit did. */
export const containAnswered = async (
  id: string,
  { approved, by, reason }: Answer,
  deps: ContainDeps,
): Promise<Contained> => {
  const { table, now } = deps;
  const incident = await readCase(table, id);
  const { head } = incident;
  if (head.state === 'open') return resume(incident, true, deps);
  if (head.state !== 'awaiting-approval') return contained(head, deps);
  const event = jsonIn(incident.findings.at(-1)?.raw ?? '');
  const finding = parseFinding(event, head.drill);
  const judged: JudgedFinding = approved
    ? // An approval is never decided on incomplete facts: slow reads throw, the state machine
      // retries them, and reports when it gives up.
      await judge(finding, (known) => withAnswer(decideApproved(known, by), { by, reason }), deps)
    : {
        finding,
        decision: { kind: 'notify', reason: `left alone by ${by}: ${reason}` },
        suspect: head.suspect,
        readings: [],
      };
  const next: Head = {
    ...head,
    decision: judged.decision,
    state: followUps[judged.decision.kind].state,
    suspect: judged.suspect ?? head.suspect,
    code: judged.code ?? head.code,
    busyUntil: judged.decision.kind === 'contain' ? now() + turnSeconds.contain * 1000 : 0,
  };
  const won = await reopenIncident(table, {
    head: next,
    from: 'awaiting-approval',
    befores: recordsOf(judged.readings, deps),
    counts: isCounted(head, judged.decision),
    at: now(),
  });
  if (!won || judged.decision.kind !== 'contain') return contained(won ? next : head, deps);
  return applyReadings(firstTurn(next), judged.readings, deps);
};
