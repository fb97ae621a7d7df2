import { randomUUID } from 'node:crypto';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Head } from '../responders/incident/case.ts';
import { digestIn } from '../responders/incident/proof.ts';
import { answerFields } from '../responders/incident/proven-fields.ts';
import type { Table } from '../responders/incident/table.ts';
import { countedYeses } from '../responders/incident/yeses.ts';
import { textAt } from '../responders/shared/json.ts';
import { caseOf } from './cases.ts';
import { CordonError, PendingError } from './errors.ts';
import { endOf } from './executions.ts';
import { type DecidingPlace, output } from './place.ts';
import { proven } from './prove.ts';
import { seenWithin, until } from './wait.ts';

/** Whether an answer is kept as the first of two yeses. */
export const isRecorded = (head: Head, proof: string): boolean =>
  countedYeses(head).some(({ mark }) => mark === digestIn(proof));

/** Starts the response to a late answer; returns its execution. */
const started = async (
  sfn: SFNClient,
  place: DecidingPlace,
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
 * Answers a question that is over, in the role of those who may answer: contains what was left
 * alone, or leaves alone what nobody has answered.
 */
export const answerLate = async (
  place: DecidingPlace,
  table: Table,
  head: Head,
  { contain, reason }: { readonly contain: boolean; readonly reason: string },
  within = 120_000,
): Promise<{ readonly by: string; readonly after: Head; readonly isFirst: boolean }> => {
  const { id, round } = head;
  const word = await proven(place, 'answer', (by) => answerFields(head, { contain, by, reason }));
  const sfn = new SFNClient(await place.config('approve'));
  const answer = { incidentId: id, approved: contain, round, reason, ...word };
  const execution = await started(sfn, place, head, answer);
  const decided = async () => {
    // Looked at before the case, so that an execution that has just ended is seen with its result.
    const end = await endOf(sfn, execution);
    const current = (await caseOf(table, id)).head;
    if (!contain && current.state === 'notify-only') return current;
    if (isRecorded(current, word.proof)) return current;
    if (current.round > round) return current.state === 'open' ? undefined : current;
    if (end === undefined) return undefined;
    throw new CordonError(
      `the answer about ${id} changed nothing ` +
        `(${end.error ?? 'somebody else has decided meanwhile'}): ` +
        `look at "cordon show ${id}" and at the execution ${execution}`,
    );
  };
  const after = await seenWithin(decided, within, 300);
  if (after === undefined)
    throw new PendingError(
      `the answer was taken, but ${id} has not moved on after ${within / 1_000} s: ` +
        `look at the execution ${execution}`,
    );
  return { by: word.by, after, isFirst: isRecorded(after, word.proof) };
};
