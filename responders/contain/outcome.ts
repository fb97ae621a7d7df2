import type { Action, Clocks, IncidentState } from '../incident/incident.ts';

/** The state that outcomes add up to: computed, never asserted. */
export const stateOf = (actions: readonly Action[]): IncidentState => {
  const held = actions.filter(({ outcome }) => outcome === 'contained').length;
  if (actions.length > 0 && held === actions.length) return 'contained';
  if (actions.length > 0 && actions.every(({ outcome }) => outcome === 'planned'))
    return 'notify-only';
  return actions.some(({ outcome }) => outcome === 'contained' || outcome === 'applied')
    ? 'partial'
    : 'not-contained';
};

/**
 * When the first change was accepted, and when the last of all was seen to hold; null while that is
 * still to come.
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
