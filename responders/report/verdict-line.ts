import { type Action, type IncidentState, isPartlyReleased } from '../incident/incident.ts';
import { verdicts } from './words.ts';

/** The verdict in one line: with the reason where nothing was done, or where a person is asked. */
export const verdictWith = (
  { state, actions }: { state: IncidentState; actions: readonly Pick<Action, 'outcome'>[] },
  reason: string,
): string =>
  isPartlyReleased(state, actions)
    ? 'PARTLY RELEASED: not every change could be taken back.'
    : verdicts[state].replace(
        /(no action taken|waits for your decision)\.$/,
        (_end, what: string) => `${what} (${reason}).`,
      );
