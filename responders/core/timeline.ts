/** One line of the timeline: what a session did, as CloudTrail recorded it. */
export interface TimelineEvent {
  readonly at: string;
  readonly id: string;
  readonly action: string;
  readonly resources: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** `allowed`, or the error that AWS answered with. */
  readonly outcome: string;
  readonly phase: 'before containment' | 'after containment';
}
