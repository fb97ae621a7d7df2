import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from '../../operator/errors.ts';

/** The engine that a command talks to. */
export interface WatchedEngine {
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number | undefined;
}

interface EngineWatchOptions {
  readonly signal?: AbortSignal | undefined;
  readonly everyMs?: number;
  /** How long one question may wait for its answer. */
  readonly answerWithinMs?: number;
  /** How long the engine may leave every question unanswered; a busy machine is slow, too. */
  readonly patienceMs?: number;
  readonly isSuspended?: (pid: number) => boolean;
}

/** The error for an engine that runs but does not answer. */
const notAnswering = (
  { port, pid }: WatchedEngine,
  remedy = `stop it with "cordon down --port ${port}", then start it again`,
): CordonError =>
  new CordonError(
    `the engine on port ${port}${pid === undefined ? '' : ` (process ${pid})`} does not answer: ` +
      remedy,
  );

/** Waits for work that needs the engine; fails once the engine does not answer any more. */
export const whileAnswering = async <T>(engine: WatchedEngine, work: Promise<T>): Promise<T> => {
  const over = new AbortController();
  const hanging = engineHangs(engine, { signal: over.signal }).then(
    () => Promise.reject(notAnswering(engine, 'it is stopped now, run the command again')),
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, hanging]);
  } finally {
    over.abort();
  }
};

/**
 * Resolves with an error once the engine does not answer any more: at the second look if its
 * process is suspended, otherwise after `patienceMs` without an answer. An engine that has ended
 * refuses connections, which the command itself reports. The timers keep no process alive.
 */
export const engineHangs = async (
  engine: WatchedEngine,
  { signal, everyMs = 1_000, ...options }: EngineWatchOptions = {},
): Promise<CordonError> => {
  const { answerWithinMs = 5_000, patienceMs = 30_000, isSuspended = isStopped } = options;
  let suspendedLooks = 0;
  let answeredAt = performance.now();
  for (;;) {
    const looksSuspended = engine.pid !== undefined && isSuspended(engine.pid);
    suspendedLooks = looksSuspended ? suspendedLooks + 1 : 0;
    if (suspendedLooks > 1) return notAnswering(engine);
    if (await reacts(engine.endpoint, answerWithinMs)) answeredAt = performance.now();
    if (performance.now() - answeredAt > patienceMs) return notAnswering(engine);
    await sleep(everyMs, undefined, { ref: false, signal });
  }
};

/** Whether the engine answers or refuses the connection, and does not keep silent. */
const reacts = async (endpoint: string, withinMs: number): Promise<boolean> => {
  try {
    const answer = await fetch(`${endpoint}/_ministack/health`, {
      signal: AbortSignal.timeout(withinMs),
    });
    await answer.body?.cancel();
    return true;
  } catch (error) {
    return !(error instanceof Error && error.name === 'TimeoutError');
  }
};

/** Whether a signal such as SIGSTOP has suspended the process; only /proc tells. */
const isStopped = (pid: number): boolean => {
  try {
    return /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};
