import { randomUUID } from 'node:crypto';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Head } from '../responders/incident/case.ts';
import { proofOf } from '../responders/incident/question.ts';
import { questionToken } from '../responders/incident/records.ts';
import type { Table } from '../responders/incident/table.ts';
import { byHand } from '../responders/report/question-words.ts';
import { textAt } from '../responders/shared/json.ts';
import { caseOf } from './cases.ts';
import { CordonError } from './errors.ts';
import { endOf } from './executions.ts';
import { output, type Place } from './place.ts';
import { callerOf } from './release.ts';
import { until } from './wait.ts';

/** Starts the response to a late answer; returns its execution. */
const started = async (
  sfn: SFNClient,
  place: Place,
  { id, round }: Head,
  answer: object,
): Promise<string> => {
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: output(place, 'CordonResponse', 'LateAnswerMachineArn'),
      name: `${id}-round-${round + 1}-${randomUUID().slice(0, 8)}`,
      input: JSON.stringify(answer),
    }),
  );
  const { output: said, error } = await until(() => endOf(sfn, executionArn), {
    within: 60_000,
    every: 100,
    timeoutMessage: `the answer was not taken within 60 s: look at the execution ${executionArn}`,
  });
  const execution = textAt(said, 'execution');
  if (execution === null)
    throw new CordonError(`the answer could not be handed on (${error ?? executionArn})`);
  return execution;
};

/**
 * Contains an incident that was left alone, in the role of those who may answer: the token of the
 * question proves the right, and stays out of the execution.
 */
export const answerLate = async (
  place: Place,
  table: Table,
  head: Head,
  reason: string,
): Promise<{ readonly by: string; readonly after: Head }> => {
  const { id, round } = head;
  const token = await questionToken(table, id);
  if (token === undefined)
    throw new CordonError(
      `the question about ${id} was never sent, so no answer to it can be believed. ` +
        `Contain by hand: ${byHand}`,
    );
  const by = await callerOf(place);
  const proof = proofOf(token, id, { round, by, reason });
  const sfn = new SFNClient(await place.config('release'));
  const answer = { incidentId: id, round, by, reason, proof };
  const execution = await started(sfn, place, head, answer);
  const decided = async () => {
    // Looked at before the case, so that an execution that has just ended is seen with its result.
    const end = await endOf(sfn, execution);
    const current = (await caseOf(table, id)).head;
    if (current.round > round) return current.state === 'open' ? undefined : current;
    if (end === undefined) return undefined;
    throw new CordonError(
      `${id} was not contained (${end.error ?? 'somebody else has decided meanwhile'}): ` +
        `look at "cordon show ${id}" and at the execution ${execution}`,
    );
  };
  const after = await until(decided, {
    within: 120_000,
    every: 300,
    timeoutMessage:
      `the answer was taken, but ${id} is not contained after 120 s: ` +
      `look at the execution ${execution}`,
  });
  return { by, after };
};
