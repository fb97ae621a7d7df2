import type { ReceivedMail } from '../local/inbox.ts';
import type { Held, TimelineLine } from '../operator/download.ts';
import type { Undone } from '../operator/release.ts';
import type { Case } from '../responders/incident/case.ts';
import type { CheckName } from '../responders/incident/score.ts';
import type { Call } from './probe.ts';

/** The workload that is attacked. */
export interface Suspect {
  readonly functionName: string;
  readonly roleName: string;
}

/** A door, tried at one of three moments. */
export interface Knock {
  readonly door: string;
  readonly moment: 'before' | 'contained' | 'after';
  readonly outcome: 'open' | 'refused' | 'failed';
  readonly answer: string;
}

/** All that a drill has seen. What it did not get to is `null`: a check of it fails. */
export interface Seen {
  readonly suspect: Suspect;
  readonly responders: readonly string[];
  /** When the finding was put on the bus, and when the release began. */
  readonly injectedAt: number | null;
  readonly releasedAt: number | null;
  /** When everything that the release undid had been seen to work again. */
  readonly openAgainAt: number | null;
  readonly calls: readonly Call[];
  readonly knocks: readonly Knock[];
  /** The incident when it was first not open any more, and when its last stage had run. */
  readonly contained: Case | null;
  readonly closed: Case | null;
  readonly evidence: readonly Held[] | null;
  readonly timeline: readonly TimelineLine[] | null;
  /** The text of the last report. */
  readonly report: string | null;
  readonly released: Undone | null;
  /** `null` where there is no inbox to look into: on AWS. */
  readonly mails: readonly ReceivedMail[] | null;
  readonly differences: readonly string[] | null;
  /** What the drill has made or changed and could not take back. */
  readonly left: readonly string[] | null;
  /** Why the drill stopped before its end. */
  readonly broke: string | null;
}

export interface Check {
  readonly name: CheckName;
  readonly passed: boolean;
  readonly detail: string;
}

/** Judges one aspect of what was seen. Pure. */
export type Judge = (seen: Seen) => Check;

/** A check that passes only if there is nothing to complain about; says `fine` then. */
export const check = (
  name: CheckName,
  complaints: readonly (string | false | null | undefined)[],
  fine: string,
): Check => {
  const found = complaints.filter((one): one is string => typeof one === 'string' && one !== '');
  return {
    name,
    passed: found.length === 0,
    detail: found.length === 0 ? fine : found.slice(0, 5).join('; '),
  };
};

export const notSeen = 'not seen: the drill did not get that far';
