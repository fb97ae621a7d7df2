import { randomUUID } from 'node:crypto';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Case } from '../responders/incident/case.ts';
import type { Table } from '../responders/incident/table.ts';
import { type Wish, wishClaim, wishFields } from '../responders/incident/wish.ts';
import { textAt } from '../responders/shared/json.ts';
import { caseOf, incidentOf, isSettled } from './cases.ts';
import { CordonError } from './errors.ts';
import { endOf } from './executions.ts';
import { output, type Place } from './place.ts';
import { proven } from './prove.ts';
import { until } from './wait.ts';

const started = async (sfn: SFNClient, place: Place, nonce: string, input: object) => {
  const { executionArn = '' } = await sfn.send(
    new StartExecutionCommand({
      stateMachineArn: output(place, 'CordonResponse', 'LateAnswerMachineArn'),
      name: `by-hand-${nonce}`,
      input: JSON.stringify(input),
    }),
  );
  const { output: said, error } = await until(() => endOf(sfn, executionArn), {
    within: 60_000,
    every: 100,
    timeoutMessage: `it was not handed on within 60 s: look at the execution ${executionArn}`,
  });
  const execution = textAt(said, 'execution');
  if (execution === null)
    throw new CordonError(`it could not be handed on (${error ?? executionArn})`);
  return execution;
};

/**
 * Asks Cordon to contain what a person names, in the role of those who may answer, and waits until
 * it is decided and done. Returns the incident.
 */
export const containByHand = async (
  place: Place,
  table: Table,
  { target, reason }: Pick<Wish, 'target' | 'reason'>,
): Promise<Case> => {
  const said = { target, reason, at: Date.now(), nonce: randomUUID() };
  const word = await proven(place, 'contain', (by) => wishFields({ ...said, by }));
  const sfn = new SFNClient(await place.config('approve'));
  const execution = await started(sfn, place, said.nonce, { ...said, ...word });
  const claim = wishClaim({ ...said, by: word.by }, place);
  const decided = async (): Promise<Case | undefined> => {
    // Looked at before the case, so that an execution that has just ended is seen with its result.
    const end = await endOf(sfn, execution);
    const id = await incidentOf(table, claim);
    const incident = id === undefined ? undefined : await caseOf(table, id);
    if (incident && isSettled(incident)) return incident;
    if (end === undefined) return undefined;
    throw new CordonError(
      `nothing was contained (${end.error ?? 'it was refused, and a mail says why'}): ` +
        `look at the execution ${execution}`,
    );
  };
  return until(decided, {
    within: 120_000,
    every: 200,
    timeoutMessage: `it was taken, but nothing is decided after 120 s: look at ${execution}`,
  });
};
