import { lagSecondsOf, type Settings } from '../decide/settings.ts';
import type { Head } from '../incident/case.ts';
import type { Decision, IncidentState } from '../incident/incident.ts';
import type { ContainDeps } from './judge.ts';

/** The output of `ContainmentLambda`: the state machine branches on it. */
export interface Contained {
  readonly incidentId: string;
  /**
   * `unbelieved`: an answer whose sender may not answer. `hold`: a containment was tried again.
   */
  readonly next: 'respond' | 'ask' | 'tell' | 'remind' | 'hold' | 'none' | 'unbelieved';
  readonly state: IncidentState;
  readonly decision: Decision;
  /** The round that later stages work for. */
  readonly round: number;
  readonly lagSeconds: number;
  /** How long the question of the incident still waits. */
  readonly askSeconds: number;
  /** What somebody sent without the right to it. */
  readonly refused?: { readonly what: 'answer' | 'silence'; readonly why: string };
}

/** The state of the incident after each kind of decision, and the next branch of the machine. */
export const followUps: Readonly<
  Record<Decision['kind'], { readonly state: IncidentState; readonly next: Contained['next'] }>
> = {
  contain: { state: 'open', next: 'respond' },
  ask: { state: 'awaiting-approval', next: 'ask' },
  notify: { state: 'notify-only', next: 'respond' },
  suppress: { state: 'suppressed', next: 'tell' },
  forged: { state: 'forged', next: 'tell' },
  duplicate: { state: 'open', next: 'none' },
};

const askSecondsOf = ({ timeLimit }: Head, settings: Settings, now: number): number =>
  timeLimit === undefined
    ? settings.approvalMinutes * 60
    : Math.max(1, Math.ceil((timeLimit.endsAt - now) / 1_000));

export const contained = (
  head: Head,
  { settings, now }: ContainDeps,
  next = followUps[head.decision.kind].next,
): Contained => ({
  incidentId: head.id,
  next,
  state: head.state,
  decision: head.decision,
  round: head.round,
  askSeconds: askSecondsOf(head, settings, now()),
  lagSeconds: lagSecondsOf(head, settings),
});
