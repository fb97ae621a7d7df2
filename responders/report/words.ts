import type { Tone } from '../../report-templates/view.ts';
import type { Responder } from '../contain/responder.ts';
import type { Case, Head } from '../incident/case.ts';
import type { Action, ClockName, IncidentState } from '../incident/incident.ts';
import { printable } from '../shared/printable.ts';
import type { Show } from './shown.ts';

/**
 * The sentence that answers "is it contained?"; chosen by the state, which is computed from
 * outcomes.
 */
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

export const tones: Readonly<Record<IncidentState, Tone>> = {
  open: 'warn',
  'awaiting-approval': 'bad',
  contained: 'good',
  partial: 'bad',
  'not-contained': 'bad',
  contested: 'bad',
  'notify-only': 'warn',
  suppressed: 'warn',
  released: 'warn',
  closed: 'good',
};

export const signs: Readonly<Record<Tone, string>> = { good: '✔', warn: '!', bad: '✘' };

/** AWS's bands. */
export const band = (severity: number): string =>
  severity >= 9 ? 'CRITICAL' : severity >= 7 ? 'HIGH' : severity >= 4 ? 'MEDIUM' : 'LOW';

export const workload = ({ suspect, finding }: Head): string =>
  suspect
    ? `function ${suspect.functionName}, role ${suspect.roleName}, in ${printable(finding.account, 20)}/${printable(finding.region, 30)}`
    : `not confirmed, in ${printable(finding.account, 20)}/${printable(finding.region, 30)}`;

export const outcomeWords: Readonly<Record<Action['outcome'], string>> = {
  contained: 'holds',
  applied: 'accepted, not seen to hold yet',
  'not-contained': 'FAILED',
  planned: 'would be done (dry run)',
  released: 'taken back',
  'not-released': 'COULD NOT BE TAKEN BACK',
  kept: 'kept: another incident needs it',
};

export const outcomeTones: Readonly<Record<Action['outcome'], Tone>> = {
  contained: 'good',
  applied: 'warn',
  'not-contained': 'bad',
  planned: 'warn',
  released: 'warn',
  'not-released': 'bad',
  kept: 'warn',
};

/**
 * The outcomes in the catalogue's order and words: `Stop new invocations of the function (orders):
 * holds`.
 */
export const actionLines = (
  actions: readonly Action[],
  catalog: readonly Responder[],
  show: Show,
): string[] =>
  catalog.flatMap(({ id, title }) =>
    actions
      .filter(({ responder }) => responder === id)
      .map(
        ({ target, outcome, reason }) =>
          `${title} (${show(target)}): ${outcomeWords[outcome]}${reason ? ` (${show(reason)})` : ''}`,
      ),
  );

export const approveCommand = (id: string): string => `cordon approve ${id} --reason "…"`;
export const releaseCommand = (id: string): string => `cordon release ${id} --reason "…"`;

/** The one thing to do next. */
export const nextStep = ({ head, actions }: Pick<Case, 'head' | 'actions'>): string => {
  const { id, state } = head;
  if (state === 'awaiting-approval') return `Decide: ${approveCommand(id)} (or --deny)`;
  if (state === 'contained')
    return `Look: cordon show ${id}. When it is clean: ${releaseCommand(id)}`;
  if (state === 'released') return `Nothing, unless the finding comes back: cordon show ${id}`;
  if (state === 'open') return `Wait a moment, then look: cordon show ${id}`;
  if (state === 'contested')
    return `Find out who removed it (timeline), stop them, then: cordon show ${id}`;
  if (actions.length === 0) return `Judge it yourself: cordon show ${id}`;
  return `Contain by hand what failed, then: cordon show ${id}`;
};

export const clockMeanings: Readonly<Record<ClockName, string>> = {
  activity: 'last activity that the finding is about',
  finding: 'GuardDuty’s finding',
  event: 'the event, in whole seconds',
  received: 'Cordon has it',
  accepted: 'first containment call accepted',
  effective: 'every change seen to hold',
  flash: 'first mail',
  evidence: 'evidence stored',
  timeline1: 'timeline, first pass',
  report1: 'report version 1',
  timeline2: 'timeline, second pass',
  report2: 'report version 2',
  released: 'taken back',
};
