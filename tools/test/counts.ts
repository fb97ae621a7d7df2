/** How many tests, cases or statements a run judged, by what came of them. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The line that closes the output of every command that tests: one form for all of them. */
export const countsLine = (word: string, { passed, failed, skipped }: Counts): string =>
  `${word}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
