import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Case } from '../responders/incident/case.ts';
import { at } from '../responders/shared/json.ts';
import { CordonError } from './errors.ts';
import { type EndedExecution, endOf } from './executions.ts';
import { output, type Place } from './place.ts';
import { until } from './wait.ts';

/** What came of a release. `answer` is what the state machine returned, or null when it failed. */
export interface ReleaseOutcome {
  readonly execution: string;
  readonly status: string;
  readonly released: boolean;
  readonly by: string;
  readonly actions: readonly unknown[];
  readonly error: string | null;
}

export const callerOf = async (place: Place): Promise<string> => {
  const { Arn = 'unknown' } = await new STSClient(await place.config('release')).send(
    new GetCallerIdentityCommand({}),
  );
  return Arn;
};

const ended = (sfn: SFNClient, execution: string): Promise<EndedExecution> =>
  until(() => endOf(sfn, execution), {
    within: 180_000,
    every: 100,
    timeoutMessage: `the release is still running after 180 s: look at the execution ${execution}`,
  });

const exists = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ExecutionAlreadyExists';

/**
 * Starts the release machine and waits for it. The name of the execution is made from incident,
 * round and try, so that a repeat finds what the first call did instead of doing it twice; only a
 * try that did not release everything is followed by another.
 */
export const releaseIncident = async (
  place: Place,
  { head }: Case,
  reason: string,
): Promise<ReleaseOutcome> => {
  const sfn = new SFNClient(await place.config('release'));
  const stateMachineArn = output(place, 'CordonResponse', 'ReleaseMachineArn');
  const by = await callerOf(place);
  const input = JSON.stringify({ incidentId: head.id, by, reason });
  for (let attempt = 1; attempt <= 50; attempt += 1) {
    const name = `${head.id}-round-${head.round}-try-${attempt}`;
    const execution = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const began = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input })).then(
      () => true,
      (error: unknown) => {
        if (exists(error)) return false;
        throw error;
      },
    );
    const { status, output: said, error } = await ended(sfn, execution);
    const released = status === 'SUCCEEDED' && at(said, 'released') === true;
    const actions = at(said, 'actions');
    if (began || released)
      return {
        execution,
        status,
        released,
        by,
        actions: Array.isArray(actions) ? actions : [],
        error,
      };
  }
  throw new CordonError(
    `${head.id} has 50 releases that failed: look at the executions of ${stateMachineArn}`,
  );
};
