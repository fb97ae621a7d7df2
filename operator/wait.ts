import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from './errors.ts';

export interface Patience {
  readonly within: number;
  /** What is said when it did not happen: what was awaited, and where to look. */
  readonly sorry: string | (() => string);
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Looks again and again until there is something to see; gives up with a sentence. */
export const until = async <T>(
  look: () => Promise<T | undefined>,
  { within, sorry, every = 50, signal }: Patience,
): Promise<T> => {
  const end = performance.now() + within;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new CordonError(typeof sorry === 'string' ? sorry : sorry());
    await sleep(every);
  }
};

/** The same for something that is true or not: says which it was at the end. */
export const holdsWithin = async (
  holds: () => Promise<boolean>,
  within: number,
  signal?: AbortSignal,
): Promise<boolean> => {
  const end = performance.now() + within;
  for (;;) {
    signal?.throwIfAborted();
    if (await holds()) return true;
    if (performance.now() > end) return false;
    await sleep(100);
  }
};
