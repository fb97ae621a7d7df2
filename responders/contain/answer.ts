import { decideApproved } from '../decide/policy.ts';
import { parseFinding } from '../finding/finding.ts';
import type { Head } from '../incident/case.ts';
import { reopenIncident } from '../incident/case-table.ts';
import { readCase } from '../incident/read-case.ts';
import { act, firstTurn } from './act.ts';
import { type ContainDeps, type JudgedFinding, judge } from './judge.ts';
import { after, type Contained, contained } from './next-step.ts';
import { isCounted, recordsOf } from './opening.ts';
import { resume } from './repeat.ts';
import { turnSeconds } from './turn.ts';

export interface Answer {
  readonly approved: boolean;
  readonly by: string;
  readonly reason: string;
}

/** A person (or the policy, in time) has answered. */
export const containAnswered = async (
  id: string,
  { approved, by, reason }: Answer,
  deps: ContainDeps,
): Promise<Contained> => {
  const { table, now } = deps;
  const found = await readCase(table, id);
  const { head } = found;
  if (head.state === 'open') return resume(found, true, deps);
  if (head.state !== 'awaiting-approval') return contained(head, deps);
  const event: unknown = JSON.parse(found.findings.at(-1)?.raw ?? 'null');
  const finding = parseFinding(event, head.drill);
  const judged: JudgedFinding = approved
    ? // A person's yes is worth waiting for: what is only slow is tried until the state machine gives
      // up, and says so.
      await judge(finding, (known) => decideApproved(known, by), deps)
    : {
        finding,
        decision: { kind: 'notify', reason: `left alone by ${by}: ${reason}` },
        suspect: head.suspect,
        readings: [],
      };
  const next: Head = {
    ...head,
    decision: judged.decision,
    state: after[judged.decision.kind].state,
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
  return act(firstTurn(next), judged.readings, deps);
};
