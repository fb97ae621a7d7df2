// What `vitest.config.ts` says to every test of a run.
import { inject } from 'vitest';

export type Size = 'small' | 'full';

declare module 'vitest' {
  interface ProvidedContext {
    /** The seed of every property. */
    seed: number;
    /** Whether somebody asked for that seed. */
    seedIsGiven: boolean;
    /** Model runs and floods are small in the suite; `npm run bench` runs them in full. */
    size: Size;
  }
}

export const seed = (): number => inject('seed');

/**
 * A property that fails by luck tells somebody who changed something else: where runs are few, they
 * are always the same. Another seed is taken when it is given, and in the bench.
 */
export const steadySeed = (): number =>
  inject('seedIsGiven') || inject('size') === 'full' ? seed() : 1;

/** How many runs of a model, or how much of a flood: in the suite, and in the bench. */
export const sized = <T>(small: T, full: T): T => (inject('size') === 'full' ? full : small);
