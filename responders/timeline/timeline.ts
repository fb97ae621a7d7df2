/**
 * Whose call a row is: the workload's own session, a principal that it led to, Cordon's answer to
 * it, or AWS itself, which makes some calls with the session of every function.
 */
export type Whose = 'suspect' | 'followed' | 'cordon' | 'platform';

/**
 * When: before the finding's first activity, during it, while containment was taking hold, or after
 * it held.
 */
export type Phase = 'before' | 'activity' | 'response' | 'after';

/**
 * Who used the suspect's session, where the log can tell: the function itself, or the attacker from
 * elsewhere.
 */
export type CallOrigin = 'attacker' | 'function' | 'unclear';

/**
 * One line of the timeline: one call, as CloudTrail recorded it, or several failed calls that were
 * counted and not read. All text is the attacker's; nothing in here is escaped or masked.
 */
export interface TimelineEvent {
  /** UTC, ISO 8601, in whole seconds: CloudTrail knows no fractions. */
  readonly at: string;
  /**
   * CloudTrail's event id: the same call has the same id in every pass and in every copy of a file.
   */
  readonly id: string;
  readonly whose: Whose;
  /** Of the suspect's calls only. Missing in what an older Cordon wrote. */
  readonly origin?: CallOrigin;
  /** ARN of the session or user that called. */
  readonly actor: string;
  /** Id of the access key; not a secret. Empty where a service called. */
  readonly key: string;
  readonly account: string;
  readonly region: string;
  /** `s3:GetObject`: the service, and CloudTrail's name for the call, version suffix included. */
  readonly action: string;
  readonly reads: boolean;
  /** What it was about: ARNs and names, the most telling first. */
  readonly resources: readonly string[];
  /** The request's parameters as JSON, cut at 300 characters. */
  readonly parameters: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** `allowed`, or the error code that AWS answered with. */
  readonly outcome: string;
  readonly phase: Phase;
  /** Ids of ATT&CK techniques that the call maps to: a hypothesis, never a verdict. */
  readonly techniques: readonly string[];
  readonly mark?: 'last allowed' | 'first denied';
  /** Of calls that were counted: how many, `at` and `id` being those of the first. */
  readonly count?: number;
  /** Of calls that were counted: the time of the last. */
  readonly until?: string;
}

/** A row for reading: one call, or a burst of calls that differ only in time and resource. */
export interface TimelineRow
  extends Omit<TimelineEvent, 'parameters' | 'resources' | 'count' | 'until'> {
  /** The last call of the burst; `at` for a single call. */
  readonly until: string;
  readonly count: number;
  /** At most five; `distinct` says how many there were. */
  readonly resources: readonly string[];
  readonly distinct: number;
}

/** A call that proves something: which, when, by whom. */
export type CallReference = Pick<TimelineEvent, 'at' | 'id' | 'action' | 'actor' | 'outcome'>;

/** Somebody the session led to: a role it assumed, a user or key it made. */
export interface Principal {
  readonly kind: 'role session' | 'user' | 'access key';
  /** ARN of the session or user; id of the key. */
  readonly who: string;
  /** How it came to be: `sts:AssumeRole` by whom, and in which event. */
  readonly by: CallReference;
  readonly events: number;
}

/** Something that outlives the session and may let the attacker back in. */
export interface LeftBehind {
  readonly kind: 'principal' | 'key' | 'policy' | 'function' | 'trigger' | 'access' | 'resource';
  /** Name or ARN of what was made or changed, as the record says it. */
  readonly what: string;
  readonly by: CallReference;
  /** A command that shows whether it is still there. Arguments are quoted for a POSIX shell. */
  readonly check: string;
}

/** What was used or read, by kind: the measured half of "exposure". */
export interface Reached {
  readonly kind:
    | 'secret'
    | 'parameter'
    | 'key'
    | 'bucket'
    | 'table'
    | 'role'
    | 'function'
    | 'queue'
    | 'topic';
  readonly what: string;
  readonly reads: number;
  readonly changes: number;
  readonly denied: number;
  readonly first: string;
  readonly last: string;
}

export interface BlindSpot {
  readonly what: string;
  readonly why: string;
}

/** One question to CloudTrail or Athena, and what it cost. */
export interface AskedQuestion {
  readonly id: string;
  readonly source: 'LookupEvents' | 'Athena';
  readonly state: 'complete' | 'cut off' | 'pending' | 'failed';
  readonly why?: string;
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
}

/**
 * The small half: what the stage item `timeline<pass>` remembers. Lists are cut at 25;
 * `timeline/pass-N.json` has all.
 */
export interface TimelineSummary {
  readonly pass: 1 | 2;
  /** True in pass 1, and in pass 2 while a query is pending or failed. */
  readonly provisional: boolean;
  readonly events: number;
  /** `platform` is missing in what an older Cordon wrote. */
  readonly byWhose: Readonly<Record<Exclude<Whose, 'platform'>, number>> & {
    readonly platform?: number;
  };
  /**
   * Latest event time that the logs had delivered, of anybody's events; `null` when there were
   * none.
   */
  readonly horizon: string | null;
  readonly window: { readonly from: string; readonly to: string };
  /**
   * Nothing was cut off and nothing is pending, as far as the sources go; `blindSpots` says how far
   * they go.
   */
  readonly complete: boolean;
  /** Why a later look may show more; `null` when it will not. */
  readonly pending: string | null;
  readonly blindSpots: readonly BlindSpot[];
  /** Of the suspect and those it led to. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  readonly lastAllowed: CallReference | null;
  readonly firstDenied: CallReference | null;
  readonly followed: readonly Principal[];
  readonly leftBehind: readonly LeftBehind[];
  readonly attack: {
    readonly version: string;
    readonly techniques: readonly { id: string; name: string; events: number }[];
  };
  readonly asked: readonly AskedQuestion[];
}

/**
 * The whole: what `timeline/pass-N.json` holds. Every call is in `all`; `rows` is the same with
 * bursts folded.
 */
export interface Timeline extends TimelineSummary {
  readonly incident: string;
  readonly rows: readonly TimelineRow[];
  readonly reached: readonly Reached[];
  readonly all: readonly TimelineEvent[];
}
