/** How many tests, cases or statements a command judged, by outcome. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * The last line of a command that runs tests; all of them use this form. `label` says what was
 * counted: `tests`, `openapi`, `trino`.
 */
export const countsLine = (label: string, { passed, failed, skipped }: Counts): string =>
  `${label}: ${passed} passed, ${failed} failed, ${skipped} skipped`;
