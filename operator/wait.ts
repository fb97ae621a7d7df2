import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError } from './errors.ts';

export interface WaitOptions {
  readonly within: number;
  /** The error after a timeout: what was awaited, and where to look. */
  readonly timeoutMessage: string | (() => string);
  readonly every?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Polls until `look` returns something; throws `timeoutMessage` after `within` ms. */
export const until = async <T>(
  look: () => Promise<T | undefined>,
  { within, timeoutMessage, every = 50, signal }: WaitOptions,
): Promise<T> => {
  const end = performance.now() + within;
  for (;;) {
    signal?.throwIfAborted();
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end)
      throw new CordonError(typeof timeoutMessage === 'string' ? timeoutMessage : timeoutMessage());
    await sleep(every);
  }
};

/** Polls until `look` returns something; undefined after `within` ms. */
export const seenWithin = async <T>(
  look: () => Promise<T | undefined>,
  within: number,
  every = 100,
): Promise<T | undefined> => {
  const end = performance.now() + within;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || performance.now() > end) return seen;
    await sleep(every);
  }
};

/** Polls until `holds` is true; returns false after `within` ms. */
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

/** Waits until a time of this computer's clock, epoch ms. */
export const sleepUntil = async (at: number): Promise<void> => {
  const ms = at - Date.now();
  if (ms > 0) await sleep(ms);
};
