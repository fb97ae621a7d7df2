/** What costs a run its time on any machine. It is counted: seconds would judge the machine. */
export interface Counts {
  readonly engines: number;
  readonly deployments: number;
  readonly drills: number;
}
export type CountedKind = keyof Counts;

export const nothingCounted: Counts = { engines: 0, deployments: 0, drills: 0 };

let counts = nothingCounted;

/** Adds to what this test file has used. */
export const count = (kind: CountedKind, times = 1): void => {
  counts = { ...counts, [kind]: counts[kind] + times };
};

export const countsSoFar = (): Counts => counts;

export const sumOf = (several: readonly Counts[]): Counts =>
  several.reduce(
    (sum, { engines, deployments, drills }) => ({
      engines: sum.engines + engines,
      deployments: sum.deployments + deployments,
      drills: sum.drills + drills,
    }),
    nothingCounted,
  );
