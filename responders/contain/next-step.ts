import type { Head } from '../incident/case.ts';
import type { Decision, IncidentState } from '../incident/incident.ts';
import type { SilenceMeaning } from '../incident/question.ts';
import type { ContainDeps } from './judge.ts';

/** The output of `ContainmentLambda`: the state machine branches on it. */
export interface Contained {
  readonly incidentId: string;
  /** `unbelieved`: an answer whose sender may not answer. */
  readonly next: 'respond' | 'ask' | 'tell' | 'none' | 'unbelieved';
  readonly state: IncidentState;
  readonly decision: Decision;
  /** The round that later stages work for. */
  readonly round: number;
  readonly onTimeout: SilenceMeaning;
  readonly lagSeconds: number;
}

/** The state of the incident after each kind of decision, and the next branch of the machine. */
export const followUps: Readonly<
  Record<Decision['kind'], { readonly state: IncidentState; readonly next: Contained['next'] }>
> = {
  contain: { state: 'open', next: 'respond' },
  ask: { state: 'awaiting-approval', next: 'ask' },
  notify: { state: 'notify-only', next: 'respond' },
  suppress: { state: 'suppressed', next: 'tell' },
  duplicate: { state: 'open', next: 'none' },
};

export const contained = (
  head: Head,
  { settings }: ContainDeps,
  next = followUps[head.decision.kind].next,
): Contained => ({
  incidentId: head.id,
  next,
  state: head.state,
  decision: head.decision,
  round: head.round,
  onTimeout: settings.onTimeout,
  lagSeconds: head.drill ? settings.lagSeconds.drill : settings.lagSeconds.real,
});
