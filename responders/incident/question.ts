import { createHmac, timingSafeEqual } from 'node:crypto';
import { at, isRecord, listAt, numberAt, textAt } from '../shared/json.ts';
import { wantedNumber, wantedText, wantedWord } from '../shared/wanted.ts';
import type { IncidentState } from './incident.ts';

/** One change that an approval would make. */
export interface ProposedChange {
  readonly title: string;
  readonly target: string;
  readonly stops: string;
}

/** What a person is asked: why, what approving would change, and what uses the workload. */
export interface Proposal {
  readonly because: string;
  /** Empty where the workload is not confirmed. */
  readonly changes: readonly ProposedChange[];
  /** What calls or feeds the workload; null where it could not be read. */
  readonly callers: readonly string[] | null;
}

export const silenceMeanings = ['contain', 'leave'] as const;
/** What happens when nobody answers a question in time. */
export type SilenceMeaning = (typeof silenceMeanings)[number];

/** How long a question waits, and what happens then. */
export interface TimeLimit {
  readonly askedAt: number;
  readonly endsAt: number;
  readonly onTimeout: SilenceMeaning;
}

/** What a person, or the time limit, has answered. */
export interface GivenAnswer {
  readonly at: number;
  readonly by: string;
  readonly contain: boolean;
  readonly reason: string;
}

/** The name of the time limit among those who answer. */
export const timeLimitName = 'policy';

/** Readers of what was stored; `undefined` where an older Cordon has stored nothing. */
export const proposalFrom = (stored: unknown): Proposal | undefined =>
  isRecord(stored)
    ? {
        because: textAt(stored, 'because') ?? '',
        changes: listAt(stored, 'changes').map((change) => ({
          title: wantedText(change, 'title'),
          target: wantedText(change, 'target'),
          stops: wantedText(change, 'stops'),
        })),
        callers: Array.isArray(at(stored, 'callers'))
          ? listAt(stored, 'callers').map(String)
          : null,
      }
    : undefined;

export const timeLimitFrom = (stored: unknown): TimeLimit | undefined =>
  isRecord(stored)
    ? {
        askedAt: wantedNumber(stored, 'askedAt'),
        endsAt: wantedNumber(stored, 'endsAt'),
        onTimeout: wantedWord(stored, 'onTimeout', silenceMeanings),
      }
    : undefined;

export const answersFrom = (stored: unknown): readonly GivenAnswer[] =>
  (Array.isArray(stored) ? stored : []).map((answer: unknown) => ({
    at: numberAt(answer, 'at') ?? 0,
    by: textAt(answer, 'by') ?? '',
    contain: at(answer, 'contain') === true,
    reason: textAt(answer, 'reason') ?? '',
  }));

/** The answer that left the workload alone, while nothing else has been decided since. */
export const leaveOf = ({
  state,
  answers = [],
}: {
  readonly state: IncidentState;
  readonly answers?: readonly GivenAnswer[];
}): GivenAnswer | undefined => {
  const last = answers.at(-1);
  return state === 'notify-only' && last && !last.contain ? last : undefined;
};

/** The result of a drill was mailed: what it rehearsed has ended. */
export const isDrillOver = ({
  head,
  mails,
}: {
  readonly head: { readonly drill: boolean };
  readonly mails: readonly { readonly kind: string }[];
}): boolean => head.drill && mails.some(({ kind }) => kind === 'drill');

/** An answer to a question that is over: contain after all. */
export interface LateAnswer {
  /** The round in which the workload was left alone. */
  readonly round: number;
  readonly by: string;
  readonly reason: string;
}

/**
 * Proves that the sender of a late answer may answer: its key is the token of the question, which
 * only those can read who may answer. The token itself stays out of the history of executions.
 */
export const proofOf = (
  token: string,
  incidentId: string,
  { round, by, reason }: LateAnswer,
): string =>
  createHmac('sha256', token)
    .update(JSON.stringify(['contain', incidentId, round, by, reason]))
    .digest('hex');

export const isProof = (
  proof: string,
  token: string,
  incidentId: string,
  answer: LateAnswer,
): boolean => {
  const wanted = Buffer.from(proofOf(token, incidentId, answer));
  const given = Buffer.from(proof);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};
