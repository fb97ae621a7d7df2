// An observation for each correction: it can go when the stock engine differs from AWS no more.
import type { Engine } from '../engine.ts';
import { eventually } from '../world.ts';

/** An engine, and how long to wait for an effect that may never come on it. */
export interface ObservedEngine extends Engine {
  readonly patienceSeconds: number;
}

export interface Difference {
  /** The name of the correction: its file in `corrections/` without `.py`. */
  readonly correction: string;
  /** Completes the sentence "the stock engine still …". */
  readonly still: string;
  /** Makes what it needs under names of its own, because all differences share the two engines. */
  readonly observe: (engine: ObservedEngine) => Promise<unknown>;
  /** What `observe` gives on the stock engine. */
  readonly stock: unknown;
  /** What `observe` gives on an engine that behaves as AWS does. */
  readonly aws: unknown;
}

/** Ask until the answer is right or the patience ends; gives the last answer either way. */
export const lastAnswer = async <T>(
  { patienceSeconds }: ObservedEngine,
  ask: () => Promise<T>,
  isRight: (answer: T) => boolean,
): Promise<T> => {
  const end = Date.now() + patienceSeconds * 1000;
  const isDone = (answer: T) => isRight(answer) || Date.now() > end;
  return eventually(ask, isDone, patienceSeconds + 60);
};
