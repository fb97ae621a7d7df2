import type { Clocks } from '../incident/incident.ts';
import type { Phase, TimelineEvent } from './timeline.ts';

/**
 * CloudTrail cuts fractions off: a call in the very second of a clock may have been before it, so
 * it counts as before.
 */
const second = (ms: number): number => Math.floor(ms / 1_000) * 1_000;

/** When the activity of the finding began, and when containment was accepted and held; epoch ms. */
export interface Turns {
  readonly began: number | null;
  readonly accepted: number | null;
  readonly effective: number | null;
}

export const turnsOf = (
  { accepted, effective }: Pick<Clocks, 'accepted' | 'effective'>,
  began: number | null,
): Turns => ({
  began,
  accepted,
  effective,
});

export const phaseOf = (at: string, { began, accepted, effective }: Turns): Phase => {
  const time = Date.parse(at);
  if (accepted !== null && time > second(accepted))
    return effective !== null && time > second(effective) ? 'after' : 'response';
  return began !== null && time < second(began) ? 'before' : 'activity';
};

const wholeSecond = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/**
 * The times at which a call gets another phase or becomes a proof. Calls that are counted are
 * counted between two of them, so a count never covers both sides.
 */
export const momentsOf = ({ began, accepted, effective }: Turns): readonly string[] =>
  [
    ...(began === null ? [] : [second(began)]),
    ...(accepted === null ? [] : [second(accepted), second(accepted) + 1_000]),
    ...(accepted === null || effective === null ? [] : [second(effective) + 1_000]),
  ].map(wholeSecond);

/** What AWS answers when a policy says no; other errors say nothing about containment. */
export const isDenied = (outcome: string): boolean =>
  /^(Client\.)?(AccessDenied|UnauthorizedOperation|NotAuthorized)/.test(outcome);

/** AWS answers it whatever any policy says, so it proves nothing either way. */
export const undeniable = { service: 'sts', name: 'GetCallerIdentity' } as const;

/**
 * The two calls that prove containment: the suspect's last one that was allowed, and its first one
 * that was denied since containment was accepted. Before that, a denial only says that the attacker
 * tried too much.
 */
export const marked = (
  events: readonly TimelineEvent[],
  { accepted }: Turns,
): readonly TimelineEvent[] => {
  const last = events.findLastIndex(
    ({ whose, outcome, action }) =>
      whose === 'suspect' &&
      outcome === 'allowed' &&
      action !== `${undeniable.service}:${undeniable.name}`,
  );
  const first =
    accepted === null
      ? -1
      : events.findIndex(
          ({ whose, outcome, at }) =>
            whose === 'suspect' && isDenied(outcome) && Date.parse(at) >= second(accepted),
        );
  return events.map((event, index) => {
    if (index === last) return { ...event, mark: 'last allowed' };
    return index === first ? { ...event, mark: 'first denied' } : event;
  });
};
