import type { Case, Drift } from '../incident/case.ts';
import { untoldDrifts } from '../incident/hold-news.ts';
import { type IncidentState, uncontainedStates } from '../incident/incident.ts';
import { remadeKind } from '../incident/remade.ts';
import { inZone } from '../shared/time-text.ts';
import type { ReportSettings } from './input.ts';
import type { Show } from './shown.ts';
import { showCommand } from './words.ts';

/** What came of changes that another principal made: a remade role or user is not the old one. */
const afterDrift = (changes: readonly string[], again: string): string => {
  const kinds = [...new Set(changes.flatMap((change) => remadeKind(change) ?? []))];
  if (kinds.length === 0) return `it ${again}`;
  const rest = changes.some((change) => remadeKind(change) === undefined)
    ? `; the rest ${again}`
    : '';
  const another = `another ${kinds.join(' and ')} of the same name exists and is denied too`;
  return `${another}: find out who made it${rest}`;
};

/** What came of the rest, by the state of the incident. */
const againIn = (state: IncidentState): string => {
  if (uncontainedStates.includes(state)) return 'is not contained again as a whole';
  return state === 'released' ? 'was contained again' : 'is contained again';
};

/** As many are told in one mail. */
const mostDrifts = 5;

/**
 * The changes that another principal took back since the last mail, and who did it where CloudTrail
 * says so. A mail that has nothing new to say repeats the last one, while the hold is contested.
 */
export const driftTexts = (
  incident: Case,
  show: Show,
  place: ReportSettings,
): readonly string[] => {
  const { head, drifts } = incident;
  const untold = untoldDrifts(incident);
  const told = untold.length > 0 || head.state !== 'contested' ? untold : drifts.slice(-1);
  const again = againIn(head.state);
  const textOf = ({ at, by, changes }: Drift): string => {
    const who = by ? ` by ${show(by, 200)}` : '; CloudTrail does not show yet by whom';
    const what = show(changes.join(', '), 400);
    return `${inZone(at, place.zone)}${who}: ${what}; ${afterDrift(changes, again)}`;
  };
  const earlier = told.length - mostDrifts;
  return [
    ...(earlier > 0 ? [`${earlier} more before these: ${showCommand(head.id, place)}`] : []),
    ...told.slice(-mostDrifts).map(textOf),
  ];
};
