import type { Case, Head } from '../core/case.ts';
import type { Action, IncidentState } from '../core/incident.ts';
import { printable } from '../core/names.ts';
import type { Responder } from '../core/responder.ts';

/** The sentence that answers "is it contained?"; chosen by the state, which is computed from outcomes. */
export const verdicts: Readonly<Record<IncidentState, string>> = {
  open: 'NOT YET CONTAINED: containment is under way.',
  'awaiting-approval': 'NOT CONTAINED: Cordon waits for your decision.',
  contained: 'CONTAINED: every change was made and seen to hold.',
  partial: 'PARTLY CONTAINED: not every change holds. Act now.',
  'not-contained': 'NOT CONTAINED: no change holds. Act now.',
  contested: 'CONTESTED: somebody removed our containment; Cordon put it back. Act now.',
  'notify-only': 'NOT CONTAINED: Cordon changed nothing, on purpose.',
  suppressed: 'NOT CONTAINED: recorded only, below the threshold.',
  released: 'RELEASED: containment was taken back.',
  closed: 'CLOSED.',
};

/** AWS's bands. */
export const band = (severity: number): string => (severity >= 9 ? 'CRITICAL' : severity >= 7 ? 'HIGH' : severity >= 4 ? 'MEDIUM' : 'LOW');

export const workload = ({ suspect, finding }: Head): string =>
  suspect
    ? `function ${suspect.functionName}, role ${suspect.roleName}, in ${finding.account}/${finding.region}`
    : `not confirmed, in ${printable(finding.account, 20)}/${printable(finding.region, 30)}`;

const stateWords: Readonly<Record<Action['outcome'], string>> = {
  contained: 'holds',
  applied: 'accepted, not seen to hold yet',
  'not-contained': 'FAILED',
  planned: 'would be done (dry run)',
  released: 'taken back',
  'not-released': 'COULD NOT BE TAKEN BACK',
  kept: 'kept',
};

/** The outcomes in the catalogue's order and words: `Stop new invocations of the function (orders): holds`. */
export const actionLines = (actions: readonly Action[], catalog: readonly Responder[]): string[] =>
  catalog.flatMap(({ id, title }) =>
    actions
      .filter(({ responder }) => responder === id)
      .map(({ target, outcome, reason }) => `${title} (${target}): ${stateWords[outcome]}${reason ? ` (${printable(reason)})` : ''}`),
  );

/** The one thing to do next. */
export const nextStep = ({ head }: Case): string => {
  const { id, state } = head;
  if (state === 'awaiting-approval') return `Decide: cordon approve ${id} --reason "…" (or --deny)`;
  if (state === 'contained') return `Look: cordon show ${id}. When it is clean: cordon release ${id} --reason "…"`;
  if (state === 'released') return `Nothing, unless the finding comes back: cordon show ${id}`;
  if (state === 'suppressed' || state === 'notify-only') return `Judge it yourself: cordon show ${id}`;
  return `Contain by hand what failed, then: cordon show ${id}`;
};

export const utc = (ms: number | null): string => (ms === null ? '-' : new Date(ms).toISOString());

/** UTC, and the clock on the reader's wall. */
export const inZone = (ms: number, zone: string): string => {
  if (zone === 'UTC') return utc(ms);
  const local = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'long' }).format(ms);
  return `${utc(ms)} (${local})`;
};
