import type { NamedAttacker } from '../shared/attacker.ts';
import type { EarlierSessions } from './denied-sessions.ts';
import type { Action, Clocks, Decision, IncidentState, RuleAnswer } from './incident.ts';
import type { About } from './keys.ts';
import type { GivenAnswer, Proposal, TimeLimit } from './question.ts';
import type { KeptScore } from './score.ts';
import type { Stage } from './stage.ts';
import type { Suspect } from './suspect.ts';
import type { GivenYes } from './yeses.ts';

/** The incident as a whole; everything that has many of it is an item of its own. */
export interface Head {
  readonly id: string;
  readonly state: IncidentState;
  readonly drill: boolean;
  /** The person who has asked for the containment; missing where a finding was first. */
  readonly byHand?: { readonly by: string; readonly reason: string } | undefined;
  /**
   * Counts containments of this incident: after a release and new activity it is contained again.
   */
  readonly round: number;
  /**
   * The execution that opened it: its retry goes on where it broke off, a stranger's repeat does
   * not.
   */
  readonly execution: string;
  /**
   * Until when somebody may be changing what it holds, at the latest; in the past when nobody is.
   * Missing in what an older Cordon wrote.
   */
  readonly busyUntil?: number;
  readonly openedAt: string;
  readonly finding: {
    readonly id: string;
    readonly type: string;
    readonly severity: number;
    readonly title: string;
    readonly account: string;
    readonly region: string;
    readonly updatedAt: number;
    readonly revisions: number;
  };
  /** The first of those whom the incident is about. */
  readonly suspect: Suspect | null;
  /** The others; missing where there are none. */
  readonly suspects?: readonly Suspect[] | undefined;
  /**
   * Whom the finding has named when the incident was decided, or asked about: whom a later revision
   * names besides is another incident. Missing in what an older Cordon wrote.
   */
  readonly names?: readonly string[];
  /** Whom later revisions named besides, each with the `doubt` of the claim of their incident. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Who acted, as the findings say. Missing in what an older Cordon wrote. */
  readonly attacker?: NamedAttacker;
  /**
   * The SHA-256, in base64, of the code that was there when Cordon decided: what is collected later
   * may be other code.
   */
  readonly code?: string | undefined;
  readonly decision: Decision;
  /** The rules that were asked for the decision. Missing in what an older Cordon wrote. */
  readonly rules?: readonly RuleAnswer[];
  /** What a person was asked in this round. */
  readonly proposal?: Proposal;
  readonly timeLimit?: TimeLimit;
  /** Oldest first, of all rounds. Missing in what an older Cordon wrote. */
  readonly answers?: readonly GivenAnswer[];
  /** Of single persons, where two must approve; `countedYeses` says which of them count. */
  readonly yeses?: readonly GivenYes[];
  /** Earlier yeses do not count: the question was asked again, or somebody has said no. */
  readonly yesesSince?: number;
  readonly clocks: Clocks;
  readonly release: Release | null;
  /** When a look at the hold has last changed its state; missing where none has. */
  readonly news?: number;
  /** The round whose last report a look has found overdue; missing where none has. */
  readonly overdue?: number;
  /** Where the next look at the hold begins, after one that had no time for all of its targets. */
  readonly nextLook?: string;
  /** How a drill went; missing for what is none, and until the drill has ended. */
  readonly score?: KeptScore;
}

/** Who took containment back, and why. */
export interface Release {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  /** Missing where no session can be left, and in what an older Cordon wrote. */
  readonly sessions?: EarlierSessions;
}

export interface BeforeRecord {
  readonly responder: string;
  readonly target: string;
  readonly before: unknown;
  /** Its place among what was applied. */
  readonly order: number;
  /**
   * When it was read: of several incidents that need one target contained, the earliest knows what
   * it really looked like.
   */
  readonly since: number;
}

/** A change that held and that another principal took back; Cordon made it again. */
export interface Drift {
  readonly at: number;
  /** `contain.pause-function on orders` */
  readonly changes: readonly string[];
  /** Who did it, as CloudTrail says; missing where it does not say so yet. */
  readonly by?: string;
}

export interface Mail {
  readonly kind: string;
  readonly subject: string;
  readonly at: number;
  readonly round: number;
  /** Until when it tells what Cordon had found out. Missing in what an older Cordon wrote. */
  readonly told?: number;
  /** The text as it was sent; missing in what an older Cordon wrote. */
  readonly body?: string;
}

/** All that the case table knows about one incident. */
export interface Case {
  readonly head: Head;
  /** Raw event texts, oldest first. */
  readonly findings: readonly { readonly updatedAt: number; readonly raw: string }[];
  readonly befores: readonly BeforeRecord[];
  readonly actions: readonly Action[];
  /** Of the round that the incident is in. */
  readonly stages: readonly Stage[];
  /** Of earlier rounds: an incident that is contained again goes through the same stages. */
  readonly earlierStages: readonly Stage[];
  readonly mails: readonly Mail[];
  /** Oldest first, of all rounds. */
  readonly drifts: readonly Drift[];
}

const isAbout =
  ({ responder, target }: About) =>
  (record: About): boolean =>
    record.responder === responder && record.target === target;

/** What a target looked like before, where that was saved. */
export const recordOf = ({ befores }: Case, about: About): BeforeRecord | undefined =>
  befores.find(isAbout(about));

/** What is known to have happened to a target. */
export const actionOf = ({ actions }: Case, about: About): Action | undefined =>
  actions.find(isAbout(about));

/** No clock has been read yet. */
export const noClocks = (): Clocks => ({
  activity: null,
  finding: null,
  event: null,
  received: null,
  accepted: null,
  effective: null,
  flash: null,
  evidence: null,
  timeline1: null,
  report1: null,
  timeline2: null,
  report2: null,
  released: null,
});
