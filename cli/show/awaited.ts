import type { IncidentState } from '../../responders/incident/incident.ts';
import type { PlacedOptions } from '../placed.ts';

/** Not a state, because an incident keeps saying whether it is contained: its stages have run. */
export const closed = 'closed';
export type AwaitedState = IncidentState | typeof closed;

export interface ShowOptions extends PlacedOptions {
  readonly wait?: AwaitedState;
  readonly timeout: number;
}
