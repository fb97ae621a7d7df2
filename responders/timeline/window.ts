import { firstSeenIn } from '../finding/stored.ts';
import type { Case } from '../incident/case.ts';
import { lookBackOf } from '../incident/look-back.ts';
import type { FunctionSuspect } from '../incident/suspect.ts';
import { textsIn } from './call.ts';
import type { IncidentScope } from './events.ts';
import { signsOf } from './origin.ts';
import { turnsOf } from './phases.ts';

const day = 86_400_000;
const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/**
 * When the activity began, as the finding says; `null` where it does not. A finding that names a
 * time to come is not believed.
 */
export const beganAt = ({ head, findings }: Case): number | null => {
  const opened = Date.parse(head.openedAt);
  const said = [...findings.map(({ raw }) => firstSeenIn(raw)), head.clocks.activity ?? Number.NaN];
  const times = said.filter((ms) => !Number.isNaN(ms) && ms <= opened);
  return times.length > 0 ? Math.min(...times) : null;
};

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
  { functionName, roleName }: FunctionSuspect,
  account: string,
  partition: string,
  region: string,
) =>
  new Set([
    functionName,
    roleName,
    `arn:${partition}:lambda:${region}:${account}:function:${functionName}`,
    ...actions.map(({ target }) => target),
    ...befores.map(({ target }) => target),
    ...befores.flatMap(({ before }) => textsIn(before).filter((text) => names.test(text))),
  ]);

export const scopeOf = (
  incident: Case,
  suspect: FunctionSuspect,
  partition: string,
): IncidentScope => ({
  turns: turnsOf(incident.head.clocks, beganAt(incident)),
  signs: signsOf(incident.head.attacker),
  about: aboutOf(
    incident,
    suspect,
    incident.head.finding.account,
    partition,
    incident.head.finding.region,
  ),
});
