import { explain } from '../operator/errors.ts';

/**
 * Says before something is made or changed how it is taken back: what was only begun must not stay
 * either.
 */
export type Afterwards = (what: string, takeBack: () => Promise<unknown>) => void;

/** All that a drill has made or changed. */
export interface TakingBack {
  readonly afterwards: Afterwards;
  /**
   * Takes everything back, the last first, each step whatever becomes of the others. Gives a
   * sentence for each that failed.
   */
  takeBack(): Promise<readonly string[]>;
}

export const takingBack = (): TakingBack => {
  const steps: { readonly what: string; readonly takeBack: () => Promise<unknown> }[] = [];
  return {
    afterwards: (what, takeBack) => void steps.push({ what, takeBack }),
    takeBack: async () => {
      const left: string[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        const { what, takeBack } = step;
        try {
          await takeBack();
        } catch (error) {
          left.push(`${what} could not be taken back: ${explain(error, '.cordon').message}`);
        }
      }
      return left;
    },
  };
};
