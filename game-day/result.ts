import type { Check } from './seen.ts';

/** What a drill came to, as `cordon drill run --json` prints it. */
export interface DrillResult {
  readonly scenario: string;
  /** Empty when no incident came of it. */
  readonly incidentId: string;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** The clocks of the incident and those of the drill, in epoch ms. */
  readonly clocks: Readonly<Record<string, number | null>>;
  readonly restored: boolean;
}
