import { randomUUID } from 'node:crypto';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Case } from '../responders/incident/case.ts';
import { releaseFields } from '../responders/incident/proven-fields.ts';
import { at, textAt } from '../responders/shared/json.ts';
import { denyEarlierSessions } from './earlier-sessions.ts';
import { CordonError, PendingError } from './errors.ts';
import { type EndedExecution, endOf, executionArnOf, isStartedAlready } from './executions.ts';
import { type DecidingPlace, output } from './place.ts';
import { proven } from './prove.ts';
import { seenWithin } from './wait.ts';

/** What came of a release. `answer` is what the state machine returned, or null when it failed. */
export interface ReleaseOutcome {
  readonly execution: string;
  readonly status: string;
  readonly released: boolean;
  readonly by: string;
  readonly actions: readonly unknown[];
  readonly error: string | null;
  /** Why the release was not believed; null where it was. */
  readonly refused: string | null;
  /** Why the function may still hold sessions that are denied; null where it holds none. */
  readonly notRenewed: string | null;
}

/** What a person decides about a release. */
export interface ReleaseWish {
  readonly reason: string;
  /** Lets sessions that were stolen before work again until they expire. */
  readonly letSessionsLive?: boolean;
}

const ended = async (
  sfn: SFNClient,
  execution: string,
  within: number,
): Promise<EndedExecution> => {
  const end = await seenWithin(() => endOf(sfn, execution), within);
  if (end) return end;
  throw new PendingError(
    `the release is still running after ${within / 1_000} s: look at the execution ${execution}`,
  );
};

/**
 * Starts the release machine and waits for it. The name of the execution is made from incident,
 * round and try, so that a repeat finds what the first call did instead of doing it twice; only a
 * try that did not release everything is followed by another.
 */
export const releaseIncident = async (
  place: DecidingPlace,
  { head }: Case,
  { reason, letSessionsLive = false }: ReleaseWish,
  within = 180_000,
): Promise<ReleaseOutcome> => {
  const sfn = new SFNClient(await place.config('release'));
  const stateMachineArn = output(place, 'CordonResponse', 'ReleaseMachineArn');
  const word = await proven(place, 'release', (by) =>
    releaseFields(head, { by, reason, letSessionsLive }),
  );
  const { by } = word;
  const input = JSON.stringify({ incidentId: head.id, reason, letSessionsLive, ...word });
  const denying =
    letSessionsLive || head.state === 'released'
      ? undefined
      : await denyEarlierSessions(place, head);
  for (let attempt = 1; attempt <= 50; attempt += 1) {
    // Who may start executions can take names, too: not so many that no release is left.
    const tried = attempt <= 10 ? attempt : `${attempt}-${randomUUID().slice(0, 8)}`;
    const name = `${head.id}-round-${head.round}-try-${tried}`;
    const execution = executionArnOf(stateMachineArn, name);
    const began = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input })).then(
      () => true,
      (error: unknown) => {
        if (isStartedAlready(error)) return false;
        throw error;
      },
    );
    const { status, output: said, error } = await ended(sfn, execution, within);
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
        notRenewed: denying?.notRenewed ?? null,
        refused: textAt(said, 'refused'),
      };
  }
  throw new CordonError(
    `${head.id} has 50 releases that failed: look at the executions of ${stateMachineArn}`,
  );
};
