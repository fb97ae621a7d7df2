import { setTimeout as sleep } from 'node:timers/promises';
import { asError } from '../responders/shared/errors.ts';

/** Calls that must have been refused in a row: two seconds of four a second. */
export const streak = 8;

/** `attacker` must be stopped, `bystander` must never be. */
export type Side = 'attacker' | 'bystander';

/** A call that is repeated during the whole drill. */
export interface Probe {
  readonly name: string;
  readonly side: Side;
  call(): Promise<unknown>;
}

/**
 * One call of a probe. Denied is what AWS answered with an access error; failed is everything else
 * that went wrong.
 */
export interface ProbeCall {
  readonly probe: string;
  readonly side: Side;
  /** When it was sent, epoch ms: what was sent before containment may still be answered. */
  readonly at: number;
  readonly ms: number;
  readonly outcome: 'allowed' | 'denied' | 'failed';
  readonly answer: string;
}

export interface Probing {
  /** Everything so far, in the order of the answers. */
  readonly calls: readonly ProbeCall[];
  stop(): Promise<void>;
}

const deniedNames = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'Forbidden',
  'UnauthorizedOperation',
]);

/** An error in one line. */
export const answerOf = (error: unknown): { name: string; answer: string } => {
  const { name, message } = asError(error);
  return { name, answer: `${name}: ${message}`.slice(0, 300) };
};

/** Makes the call once and tells how it went; never throws. */
export const tryCall = async (
  { name: probe, side, call }: Probe,
  now: () => number,
): Promise<ProbeCall> => {
  const at = now();
  const ended = (outcome: ProbeCall['outcome'], answer: string): ProbeCall => ({
    probe,
    side,
    at,
    ms: now() - at,
    outcome,
    answer,
  });
  try {
    await call();
    return ended('allowed', 'ok');
  } catch (error) {
    const { name, answer } = answerOf(error);
    return ended(deniedNames.has(name) ? 'denied' : 'failed', answer);
  }
};

/**
 * Runs every probe four times a second. The probes run independently: a slow answer delays the next
 * call of its own probe only.
 */
export const startProbes = (
  probes: readonly Probe[],
  { now, perSecond = 4 }: { readonly now: () => number; readonly perSecond?: number },
): Probing => {
  const calls: ProbeCall[] = [];
  const stopped = new AbortController();
  const run = async (probe: Probe): Promise<void> => {
    for (
      let next = performance.now();
      !stopped.signal.aborted;
      next = Math.max(next + 1_000 / perSecond, performance.now())
    ) {
      const wait = next - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (!stopped.signal.aborted) calls.push(await tryCall(probe, now));
    }
  };
  const running = Promise.all(probes.map(run));
  return {
    calls,
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
};
