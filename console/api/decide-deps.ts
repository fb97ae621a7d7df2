import type { Following } from '../../operator/answer.ts';
import { ChangedQuestionError, CordonError, PendingError } from '../../operator/errors.ts';
import type { DecidingPlace } from '../../operator/place.ts';
import type { ApiResponse } from '../../protected-app/shared/http.ts';
import { HttpProblem } from '../../protected-app/shared/problem.ts';
import { type AuditEntry, writeEntry } from './audit-entry.ts';
import type { ConsoleCaller, ConsoleRequest } from './caller.ts';
import { type Ledger, useSignIn } from './once.ts';
import type { ReadDeps } from './read-deps.ts';
import type { SessionPurpose } from './session.ts';

/** What deciding needs from outside. */
export interface DecideDeps extends ReadDeps {
  readonly ledger: Ledger;
  readonly placeOf: (person: string, purpose: SessionPurpose) => Promise<DecidingPlace>;
}

/** The gateway waits for 29 s: what takes longer is followed by reading the incident. */
export const patienceMs = 18_000;

export const silently: Following = { note: () => undefined, within: patienceMs };

/** A decision that a person has asked for and that nothing speaks against so far. */
export interface AskedDecision {
  readonly caller: ConsoleCaller;
  readonly request: ConsoleRequest;
  readonly incident: string;
  readonly what: 'answer' | 'release';
  readonly says: string;
}

const entryOf = (
  { caller, request, incident, what, says }: AskedDecision,
  at: number,
  outcome: string,
): AuditEntry => ({
  at,
  who: caller.name,
  what,
  incident,
  says,
  outcome,
  requestId: request.requestId,
  signedInAt: caller.signedInAt,
});

/** What went wrong, for the person; an error of another kind stays what it is. */
const asProblem = (error: unknown): unknown => {
  if (error instanceof ChangedQuestionError) return new HttpProblem(409, error.message);
  if (error instanceof CordonError) return new HttpProblem(409, error.message);
  return error;
};

/**
 * Uses up the sign-in, writes down what is asked, does it, and writes down what became of it. What
 * takes longer than the gateway waits is answered with 202.
 */
export const decided = async (
  { ledger, now }: Pick<DecideDeps, 'ledger' | 'now'>,
  asked: AskedDecision,
  act: () => Promise<{ readonly outcome: string; readonly body: object }>,
): Promise<ApiResponse> => {
  const { caller, incident, what } = asked;
  const at = now();
  await useSignIn(ledger, caller, { incident, what, at });
  await writeEntry(ledger, entryOf(asked, at, 'asked'));
  try {
    const { outcome, body } = await act();
    await writeEntry(ledger, entryOf(asked, now(), outcome));
    return { status: 200, body };
  } catch (error) {
    if (error instanceof PendingError) {
      await writeEntry(ledger, entryOf(asked, now(), 'taken'));
      return { status: 202, body: { incidentId: incident, taken: true } };
    }
    const problem = asProblem(error);
    const failure = problem instanceof HttpProblem ? problem.message : 'failed';
    await writeEntry(ledger, entryOf(asked, now(), `not done: ${failure.slice(0, 500)}`));
    throw problem;
  }
};
