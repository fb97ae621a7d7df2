import type { Following } from '../../operator/answer.ts';
import { CordonError, PendingError } from '../../operator/errors.ts';
import type { DecidingPlace } from '../../operator/place.ts';
import type { ApiResponse } from '../../protected-app/shared/http.ts';
import { HttpProblem } from '../../protected-app/shared/problem.ts';
import { errorText } from '../../responders/shared/errors.ts';
import { printable } from '../../responders/shared/printable.ts';
import type { Mask } from '../../responders/shared/redact.ts';
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
const asProblem = (error: unknown, mask: Mask): unknown =>
  error instanceof CordonError ? new HttpProblem(409, printable(mask(error.message), 500)) : error;

/**
 * Writes down what became of a decision. By then it is done or refused, so an entry that cannot be
 * written changes no answer: the log says loudly what is missing.
 */
const writeOutcome = async (
  { ledger, now }: Pick<DecideDeps, 'ledger' | 'now'>,
  asked: AskedDecision,
  outcome: string,
): Promise<void> => {
  try {
    await writeEntry(ledger, entryOf(asked, now(), outcome));
  } catch (error) {
    const { incident, what } = asked;
    asked.request.log.error('the audit lacks the outcome of a decision', {
      ...{ incident, what, outcome },
      error: errorText(error),
    });
  }
};

/**
 * Uses up the sign-in, writes down what is asked, does it, and writes down what became of it. What
 * takes longer than the gateway waits is answered with 202.
 */
export const decided = async (
  deps: Pick<DecideDeps, 'ledger' | 'now' | 'mask'>,
  asked: AskedDecision,
  act: () => Promise<{ readonly outcome: string; readonly body: object }>,
): Promise<ApiResponse> => {
  const { caller, incident, what } = asked;
  const at = deps.now();
  await useSignIn(deps.ledger, caller, { incident, what, at });
  await writeEntry(deps.ledger, entryOf(asked, at, 'asked'));
  let done: Awaited<ReturnType<typeof act>>;
  try {
    done = await act();
  } catch (error) {
    if (error instanceof PendingError) {
      await writeOutcome(deps, asked, 'taken');
      return { status: 202, body: { incidentId: incident, taken: true } };
    }
    const problem = asProblem(error, deps.mask);
    const failure = problem instanceof HttpProblem ? problem.message : 'failed';
    await writeOutcome(deps, asked, `not done: ${failure.slice(0, 500)}`);
    throw problem;
  }
  await writeOutcome(deps, asked, done.outcome);
  return { status: 200, body: done.body };
};
