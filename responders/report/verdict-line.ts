import { type Action, type IncidentState, isPartlyReleased } from '../incident/incident.ts';
import { verdicts } from './words.ts';

/** The verdict in one line: with the reason where nothing was done. */
export const verdictWith = (
  { state, actions }: { state: IncidentState; actions: readonly Pick<Action, 'outcome'>[] },
  reason: string,
): string =>
  isPartlyReleased(state, actions)
    ? 'PARTLY RELEASED: not every change could be taken back.'
    : verdicts[state].replace(/no action taken\.$/, `no action taken (${reason}).`);
