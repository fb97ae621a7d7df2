import { beganAt } from '../finding/began.ts';
import type { Case } from '../incident/case.ts';
import { lookBackOf } from '../incident/look-back.ts';
import { regionOf, suspectNames, type TimedSuspect } from '../incident/suspect.ts';
import { placeOf } from '../shared/function-place.ts';
import { textsIn } from './call.ts';
import type { IncidentScope } from './events.ts';
import { signsOf } from './origin.ts';
import { turnsOf } from './phases.ts';

const day = 86_400_000;
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * From the first sign, or from a day before it where a theft may be older than its discovery; at
 * most a month before, because the trail is long. Without a first sign, from a day before the
 * incident was opened.
 */
export const windowOf = (incident: Case, now: number): { from: string; to: string } => {
  const first = beganAt(incident);
  const start =
    first === null
      ? Date.parse(incident.head.openedAt) - day
      : Math.min(first, now) - lookBackOf(incident.head);
  const from = Math.max(start, now - 30 * day);
  return { from: seconds(from), to: seconds(now) };
};

/**
 * Of what a before-record holds, only what cannot be anything else: ARNs, and the ids of event
 * sources.
 */
const names = /^arn:|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Names and ARNs that Cordon's calls about this incident carry. */
const aboutOf = (
  { actions, befores }: Case,
  suspects: readonly TimedSuspect[],
  account: string,
  { partition, region }: { readonly partition: string; readonly region: string },
) =>
  new Set([
    ...suspects.flatMap(suspectNames),
    ...suspects.flatMap((suspect) =>
      suspect.kind === 'function'
        ? `arn:${partition}:lambda:${regionOf(suspect, region)}:${account}:function:` +
          suspect.functionName
        : [],
    ),
    ...[...actions, ...befores].map(({ target }) => placeOf(target).functionName),
    ...befores.flatMap(({ before }) => textsIn(before).filter((text) => names.test(text))),
  ]);

export const scopeOf = (
  incident: Case,
  suspects: readonly TimedSuspect[],
  place: { readonly partition: string; readonly region: string },
): IncidentScope => ({
  turns: turnsOf(incident.head.clocks, beganAt(incident)),
  signs: signsOf(incident.head.attacker),
  about: aboutOf(incident, suspects, incident.head.finding.account, place),
});
