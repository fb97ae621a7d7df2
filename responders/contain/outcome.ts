import type { Action, Clocks, IncidentState } from '../incident/incident.ts';

/** The state of an incident, computed from the outcomes of its targets. */
export const stateOf = (actions: readonly Action[]): IncidentState => {
  const containedCount = actions.filter(({ outcome }) => outcome === 'contained').length;
  if (actions.length > 0 && containedCount === actions.length) return 'contained';
  if (actions.length > 0 && actions.every(({ outcome }) => outcome === 'planned'))
    return 'notify-only';
  return actions.some(({ outcome }) => outcome === 'contained' || outcome === 'applied')
    ? 'partial'
    : 'not-contained';
};

/**
 * `accepted`: when AWS accepted the first change. `effective`: when the last change was seen to
 * hold; null until every target is contained.
 */
export const clocksOf = (actions: readonly Action[]): Pick<Clocks, 'accepted' | 'effective'> => {
  const times = (key: 'acceptedMs' | 'effectiveMs') =>
    actions.map((action) => action[key]).filter((time) => time !== null);
  const accepted = times('acceptedMs');
  return {
    accepted: accepted.length > 0 ? Math.min(...accepted) : null,
    effective: stateOf(actions) === 'contained' ? Math.max(...times('effectiveMs')) : null,
  };
};
