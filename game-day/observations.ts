import type { ReceivedMail } from '../local/inbox.ts';
import type { DownloadedObject, TimelineLine } from '../operator/recorded-evidence.ts';
import type { ReleaseOutcome } from '../operator/release.ts';
import type { Case } from '../responders/incident/case.ts';
import type { CheckName } from '../responders/incident/score.ts';
import type { ProbeCall } from './probe.ts';

/** The function that is attacked, and its role. */
export interface Workload {
  readonly functionName: string;
  readonly roleName: string;
}

/** One try of an entry point, at one of three moments. */
export interface EntryAttempt {
  readonly entryPoint: string;
  readonly moment: 'before' | 'contained' | 'after';
  readonly outcome: 'open' | 'refused' | 'failed';
  readonly answer: string;
}

/** All that a drill has observed. What it did not get to is `null`: a check of it fails. */
export interface Observations {
  readonly workload: Workload;
  readonly responders: readonly string[];
  /** When the finding was put on the bus, and when the release began. */
  readonly injectedAt: number | null;
  readonly releasedAt: number | null;
  /** When all that the release undid worked again. */
  readonly openAgainAt: number | null;
  readonly calls: readonly ProbeCall[];
  readonly attempts: readonly EntryAttempt[];
  /** The incident when it was first not open any more, and when its last stage had run. */
  readonly contained: Case | null;
  readonly closed: Case | null;
  readonly evidence: readonly DownloadedObject[] | null;
  readonly timeline: readonly TimelineLine[] | null;
  /** The text of the last report. */
  readonly report: string | null;
  readonly released: ReleaseOutcome | null;
  /** `null` on AWS, where there is no inbox to read. */
  readonly mails: readonly ReceivedMail[] | null;
  readonly differences: readonly string[] | null;
  /** What was left out of the comparison, because another incident contains it. */
  readonly notCompared: readonly string[];
  /** What the drill has made or changed and could not take back. */
  readonly leftovers: readonly string[] | null;
  /** Why the drill stopped before its end. */
  readonly stoppedBy: string | null;
}

/** How one check of a drill went. */
export interface DrillCheck {
  readonly name: CheckName;
  readonly passed: boolean;
  readonly detail: string;
}

/** Judges one aspect of the observations. Pure. */
export type DrillJudge = (observations: Observations) => DrillCheck;

/** A check that passes if there is no complaint; its detail is `success` then. */
export const check = (
  name: CheckName,
  candidates: readonly (string | false | null | undefined)[],
  success: string,
): DrillCheck => {
  const complaints = candidates.filter((candidate) => typeof candidate === 'string' && candidate);
  return {
    name,
    passed: complaints.length === 0,
    detail: complaints.length === 0 ? success : complaints.slice(0, 5).join('; '),
  };
};

export const notReached = 'not seen: the drill did not get that far';
