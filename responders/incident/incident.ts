export const incidentStates = [
  'open',
  'awaiting-approval',
  'contained',
  'partial',
  'not-contained',
  'contested',
  'unanswered',
  'notify-only',
  'suppressed',
  'forged',
  'released',
] as const;

export type IncidentState = (typeof incidentStates)[number];

/** The states in which a containment has failed, in part or as a whole. */
export const uncontainedStates: readonly IncidentState[] = ['partial', 'not-contained'];

/** The states in which Cordon keeps a workload contained, or still has to. */
export const heldStates: readonly IncidentState[] = [
  'open',
  'contained',
  ...uncontainedStates,
  'contested',
];

/**
 * `duplicate`: this finding is already an incident. `notify`: a person is told, nothing is changed.
 * `forged`: as `notify`, and nothing that the finding says is believed.
 */
export const decisionKinds = [
  'contain',
  'ask',
  'notify',
  'suppress',
  'forged',
  'duplicate',
] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export interface Decision {
  readonly kind: DecisionKind;
  readonly reason: string;
  /** Observe mode: what would be changed is recorded and told, and nothing is changed. */
  readonly observed?: true;
}

/** What a rule of the policy said when it was asked; null where it had nothing to say. */
export interface RuleAnswer {
  readonly rule: string;
  readonly said: string | null;
}

/** The rule that says why it is not certain where a finding comes from. */
export const originRule = 'origin';

/** The rule that says that GuardDuty has the finding, and that somebody has archived it. */
export const archivedRule = 'archived';

/** Whether it was not certain that the finding is real when it was judged. */
export const isDoubted = (rules: readonly RuleAnswer[] = []): boolean =>
  rules.some(({ rule }) => rule === originRule);

export const steps = ['before', 'apply', 'holds', 'undo'] as const;
export type Step = (typeof steps)[number];

/** `applied`: the call was accepted and the change cannot be seen yet. `planned`: observe mode. */
export const outcomeKinds = [
  'contained',
  'applied',
  'not-contained',
  'planned',
  'released',
  'not-released',
  'kept',
] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

/** What happened to one target. */
export interface Action {
  readonly responder: string;
  readonly target: string;
  readonly outcome: OutcomeKind;
  readonly step?: Step;
  readonly reason?: string;
  readonly acceptedMs: number | null;
  readonly effectiveMs: number | null;
}

/** Whether a release has failed in part: what is left is to be released again, not contained. */
export const isPartlyReleased = (
  state: IncidentState,
  actions: readonly Pick<Action, 'outcome'>[],
): boolean => state === 'partial' && actions.some(({ outcome }) => outcome === 'not-released');

export const clockNames = [
  'activity',
  'finding',
  'event',
  'received',
  'accepted',
  'effective',
  'flash',
  'evidence',
  'timeline1',
  'report1',
  'timeline2',
  'report2',
  'released',
] as const;

export type ClockName = (typeof clockNames)[number];
export type Clocks = Readonly<Record<ClockName, number | null>>;
