import { setTimeout as sleep } from 'node:timers/promises';
import type { EntryAttempt } from './observations.ts';
import { answerOf } from './probe.ts';
import type { EntryPoint } from './scenario.ts';

type AttemptMoment = EntryAttempt['moment'];

const attemptOnce = async (
  { name, attempt, refusedBy }: EntryPoint,
  moment: AttemptMoment,
  patienceMs: number,
): Promise<EntryAttempt> => {
  try {
    await attempt(patienceMs);
    return { entryPoint: name, moment, outcome: 'open', answer: 'ok' };
  } catch (error) {
    const { answer } = answerOf(error);
    const outcome = refusedBy.test(answer) ? 'refused' : 'failed';
    return { entryPoint: name, moment, outcome, answer };
  }
};

/** On AWS a change takes seconds to spread, so an entry point is tried again for a while. */
const retryForMs = 30_000;
/**
 * How long a message may wait: long enough to be taken when the queue is read, short where it is
 * expected to stay.
 */
const patienceMs = { before: 20_000, contained: 3_000, after: 20_000 } as const;

/** Tries until the outcome is the expected one; returns the last attempt otherwise. */
const tryAtMoment = async (
  entryPoint: EntryPoint,
  moment: AttemptMoment,
): Promise<EntryAttempt> => {
  const expected = moment === 'contained' ? 'refused' : 'open';
  const end = performance.now() + retryForMs;
  for (;;) {
    const attempt = await attemptOnce(entryPoint, moment, patienceMs[moment]);
    if (attempt.outcome === expected || performance.now() > end) return attempt;
    await sleep(500);
  }
};

/** Sequential: parallel attempts would compete for the function's concurrency. */
export const tryEntryPoints = async (
  entryPoints: readonly EntryPoint[],
  moment: AttemptMoment,
): Promise<EntryAttempt[]> => {
  const attempts: EntryAttempt[] = [];
  for (const entryPoint of entryPoints) attempts.push(await tryAtMoment(entryPoint, moment));
  return attempts;
};
