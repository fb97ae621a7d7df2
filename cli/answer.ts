import { SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { caseOf, caseTable, tokenOf, wholeIdOf } from '../operator/cases.ts';
import { CordonError } from '../operator/errors.ts';
import type { Place } from '../operator/place.ts';
import { callerOf } from '../operator/release.ts';
import { until } from '../operator/wait.ts';
import type { IncidentState } from '../responders/incident/incident.ts';
import type { Output } from './output.ts';

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
}

/** Errors of Step Functions when the question is no longer open. */
const closedErrors = new Set(['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken']);

const send = async (sfn: SFNClient, taskToken: string, answer: object): Promise<void> => {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
  } catch (error) {
    if (error instanceof Error && closedErrors.has(error.name))
      throw new CordonError(
        'the question is no longer open: it was answered, or it has timed out',
        { cause: error },
      );
    throw error;
  }
};

/** What a person can still do where the question is over. */
const refusal = (id: string, state: IncidentState, contain: boolean): CordonError =>
  new CordonError(
    `${id} is ${state}: it does not wait for a decision, ` +
      `so there is nothing to ${contain ? 'approve' : 'deny'}` +
      (contain && state === 'notify-only'
        ? `. Contain by hand: deny the role and set the function's concurrency to 0`
        : '') +
      (!contain && state === 'contained'
        ? `. Take the containment back: cordon release ${id}`
        : ''),
  );

/** Answers the question of one incident, and waits until the answer took effect. */
export const answerIncident = async (
  out: Output,
  place: Place,
  given: string,
  { contain, reason }: PersonAnswer,
): Promise<AnsweredIncident> => {
  const table = await caseTable(place, 'release');
  const id = await wholeIdOf(table, given);
  const { head } = await caseOf(table, id);
  if (head.state !== 'awaiting-approval') throw refusal(id, head.state, contain);
  // The state is stored before the task token, so the token may come a moment later.
  const token = await until(() => tokenOf(table, id), {
    within: 10_000,
    timeoutMessage: `${id} waits, but its question has not been sent yet: try again in a moment`,
  });
  const by = await callerOf(place);
  await send(new SFNClient(await place.config('release')), token, {
    approved: contain,
    by,
    reason,
  });
  out.note(
    `${id}: ${contain ? 'approved; waiting for containment' : 'denied; waiting for the record'}`,
  );
  const decided = async () => {
    const { state } = (await caseOf(table, id)).head;
    return ['awaiting-approval', 'open'].includes(state) ? undefined : state;
  };
  const state = await until(decided, {
    within: 60_000,
    timeoutMessage:
      `the answer was taken, but ${id} has not moved on after 60 s: ` +
      `look at "cordon show ${id}"`,
  });
  return { incidentId: id, by, state };
};
