import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { caseOf, caseTable, wholeIdOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import { answerLate } from '../operator/late-answer.ts';
import type { Place } from '../operator/place.ts';
import { callerOf } from '../operator/release.ts';
import { until } from '../operator/wait.ts';
import type { IncidentState } from '../responders/incident/incident.ts';
import { isDrillOver, leaveOf } from '../responders/incident/question.ts';
import { questionToken } from '../responders/incident/records.ts';
import type { Table } from '../responders/incident/table.ts';
import { leftAloneText } from '../responders/report/question-words.ts';
import { verdicts } from '../responders/report/words.ts';
import { printable } from '../responders/shared/printable.ts';
import type { Output } from './output.ts';
import { refusal } from './refusal.ts';

/** What a person decides about an incident that waits. */
export interface PersonAnswer {
  readonly contain: boolean;
  readonly reason: string;
}

/** What became of the answer. */
export interface AnsweredIncident {
  readonly incidentId: string;
  readonly by: string;
  readonly state: IncidentState;
  /** The decision that followed, in words. */
  readonly decision: string;
  /** The question was over: contained after all. */
  readonly late: boolean;
}

/** Errors of Step Functions when the question is no longer open. */
const closedErrors = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

const send = async (sfn: SFNClient, taskToken: string, answer: object): Promise<void> => {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
  } catch (error) {
    if (error instanceof Error && closedErrors.has(error.name))
      throw new CordonError(
        'the question is no longer open: it was answered, or it has timed out. ' +
          'To contain the workload all the same, run "cordon decide" with --contain',
        { cause: error },
      );
    throw error;
  }
};

/** What an answer led to, for people. */
export const answeredText = ({ incidentId, by, state, decision }: AnsweredIncident): string =>
  `${verdicts[state]}\n  incident ${incidentId}, decided by ${by}\n  ${printable(decision, 400)}`;

/** Answers a question that waits, and waits until the answer took effect. */
const answerQuestion = async (
  out: Output,
  place: Place,
  { table, id }: { readonly table: Table; readonly id: string },
  { contain, reason }: PersonAnswer,
): Promise<AnsweredIncident> => {
  // The state is stored before the task token, so the token may come a moment later.
  const token = await until(() => questionToken(table, id), {
    within: 10_000,
    timeoutMessage: `${id} waits, but its question has not been sent yet: try again in a moment`,
  });
  const by = await callerOf(place);
  await send(new SFNClient(await place.config('release')), token, {
    approved: contain,
    by,
    reason,
  });
  const waiting = contain
    ? 'approved; waiting for containment'
    : 'left alone; waiting for its record';
  out.note(`${id}: ${waiting}`);
  const decided = async () => {
    const { head } = await caseOf(table, id);
    return ['awaiting-approval', 'open'].includes(head.state) ? undefined : head;
  };
  const { state, decision } = await until(decided, {
    within: 60_000,
    timeoutMessage:
      `the answer was taken, but ${id} has not moved on after 60 s: ` +
      `look at "cordon show ${id}"`,
  });
  return { incidentId: id, by, state, decision: decision.reason, late: false };
};

/** Answers for one incident: its question, or contains after all what was left alone. */
export const answerIncident = async (
  out: Output,
  place: Place,
  given: string,
  answer: PersonAnswer,
): Promise<AnsweredIncident> => {
  const table = await caseTable(place, 'release');
  const id = await wholeIdOf(table, given);
  const incident = await caseOf(table, id);
  const { head } = incident;
  if (head.state === 'awaiting-approval') return answerQuestion(out, place, { table, id }, answer);
  const leave = leaveOf(head);
  if (!answer.contain || !leave || isDrillOver(incident))
    throw refusal(incident, answer.contain, { aws: place.local === null });
  out.note(`${id} was ${leftAloneText(leave, printable)}; containing it after all`);
  const { by, after } = await answerLate(place, table, head, answer.reason);
  const { state, decision } = after;
  return { incidentId: id, by, state, decision: decision.reason, late: true };
};
