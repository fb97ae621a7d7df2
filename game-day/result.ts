import { clockNames } from '../responders/incident/incident.ts';
import type { DrillCheck } from './observations.ts';

/** The clocks of the incident, and those that only a drill knows. */
export const drillClockNames = [
  ...clockNames,
  'injected',
  'lastAllowed',
  'firstDenied',
  'openAgain',
] as const;

export type DrillClocks = Readonly<Record<(typeof drillClockNames)[number], number | null>>;

/** What a drill came to, as `cordon drill run --json` prints it. */
export interface DrillResult {
  readonly scenario: string;
  /** Empty when no incident came of it. */
  readonly incidentId: string;
  readonly passed: boolean;
  readonly checks: readonly DrillCheck[];
  /** In epoch ms; null for what did not happen. */
  readonly clocks: DrillClocks;
  readonly restored: boolean;
}
