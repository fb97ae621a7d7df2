import { explain } from '../local/engine/disk-errors.ts';

/**
 * Registers how something is removed or put back. Call it before the change: a change that was only
 * begun must be undone too.
 */
export type AddCleanup = (subject: string, step: () => Promise<unknown>) => void;

/** Removes or puts back all that a drill has made or changed. */
export interface Cleanup {
  readonly addCleanup: AddCleanup;
  /**
   * Runs every step once, the latest first, although another one failed. Returns a sentence for
   * each failure.
   */
  cleanUp(): Promise<readonly string[]>;
}

export const createCleanup = (): Cleanup => {
  const steps: { readonly subject: string; readonly run: () => Promise<unknown> }[] = [];
  return {
    addCleanup: (subject, run) => void steps.push({ subject, run }),
    cleanUp: async () => {
      const failures: string[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step.run();
        } catch (error) {
          const reason = explain(error, '.cordon').message;
          failures.push(`${step.subject} could not be taken back: ${reason}`);
        }
      }
      return failures;
    },
  };
};
