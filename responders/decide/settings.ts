/**
 * What the people who deploy Cordon decide; infra/config.ts gives every value its default and its
 * reason.
 */
export interface Settings {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** Findings below this severity are recorded and told, never contained. */
  readonly minSeverity: number;
  /**
   * At most `limit` automatic containments in `minutes`; then a person is asked. Drills do not
   * count.
   */
  readonly breaker: { readonly limit: number; readonly minutes: number };
  /** What happens when nobody answers a question in time. */
  readonly onTimeout: 'contain' | 'leave';
  /** Decide, record and tell, but change nothing: for the first weeks in an account. */
  readonly dryRun: boolean;
  readonly neverContain: readonly Exemption[];
  /** After a release, the same finding cannot contain again before this has passed. */
  readonly holdMinutes: number;
  /** How long to wait for CloudTrail before the second pass of the timeline. */
  readonly lagSeconds: { readonly real: number; readonly drill: number };
  /** IANA zone that mails and reports print beside UTC. */
  readonly zone: string;
  /** Key of the marks that stand for masked secrets; each deployment has its own. */
  readonly salt: string;
}

/** Something Cordon must never contain: a role or function ARN, `*` allowed, and why. */
export interface Exemption {
  readonly arn: string;
  readonly because: string;
}
