export const incidentStates = [
  'open',
  'awaiting-approval',
  'contained',
  'partial',
  'not-contained',
  'contested',
  'notify-only',
  'suppressed',
  'released',
] as const;

export type IncidentState = (typeof incidentStates)[number];

/**
 * `duplicate`: this finding is already an incident. `notify`: a person is told, nothing is changed.
 */
export const decisionKinds = ['contain', 'ask', 'notify', 'suppress', 'duplicate'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

export interface Decision {
  readonly kind: DecisionKind;
  readonly reason: string;
}

export const steps = ['before', 'apply', 'holds', 'undo'] as const;
export type Step = (typeof steps)[number];

/** `applied`: the call was accepted and the change cannot be seen yet. `planned`: a dry run. */
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
