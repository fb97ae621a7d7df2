import { at, isRecord, listAt, numberAt, textAt } from '../shared/json.ts';
import { wantedNumber, wantedText, wantedWord } from '../shared/wanted.ts';
import type { IncidentState } from './incident.ts';

/** One change that an approval would make. */
export interface ProposedChange {
  readonly title: string;
  readonly target: string;
  readonly stops: string;
}

/** The incidents that have opened the circuit breaker, and others that it holds back. */
export interface HeldBack {
  readonly contained: readonly string[];
  readonly others: readonly string[];
}

/** What a containment touches, as it was before anything was done; null where it was not read. */
export interface BlastRadius {
  /** Clauses: `function refunds runs with role payments`. */
  readonly roleUsers: readonly string[] | null;
  /** The queues that feed the functions, with what waits in them. */
  readonly backlog: readonly { readonly queue: string; readonly messages: number }[] | null;
  readonly invocations:
    | readonly { readonly functionName: string; readonly lastHour: number }[]
    | null;
  /**
   * Clauses about what a pause of the functions does not stop. Missing in what an older Cordon
   * wrote.
   */
  readonly goesOn?: readonly string[] | null;
}

/** What a person is asked: why, what approving would change, and what uses the workload. */
export interface Proposal {
  readonly because: string;
  /** Empty where the workload is not confirmed. */
  readonly changes: readonly ProposedChange[];
  /** What calls or feeds the workload; null where it could not be read. */
  readonly callers: readonly string[] | null;
  /** Missing where the workload is not confirmed, and in what an older Cordon wrote. */
  readonly radius?: BlastRadius;
  /** Why the circuit breaker is open; missing where it has not led to the question. */
  readonly heldBack?: HeldBack;
  /** Two different persons must approve; missing where one is enough. */
  readonly twoPersons?: true;
  /** It is not certain that the finding is real, so silence contains nothing. */
  readonly doubted?: true;
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

/** A list, or null where none was stored. */
const listOrNull = <T>(
  stored: unknown,
  name: string,
  read: (member: unknown) => T,
): readonly T[] | null => (Array.isArray(at(stored, name)) ? listAt(stored, name).map(read) : null);

const radiusFrom = (stored: unknown): Pick<Proposal, 'radius'> =>
  isRecord(stored)
    ? {
        radius: {
          roleUsers: listOrNull(stored, 'roleUsers', String),
          backlog: listOrNull(stored, 'backlog', (member) => ({
            queue: wantedText(member, 'queue'),
            messages: wantedNumber(member, 'messages'),
          })),
          invocations: listOrNull(stored, 'invocations', (member) => ({
            functionName: wantedText(member, 'functionName'),
            lastHour: wantedNumber(member, 'lastHour'),
          })),
          ...(at(stored, 'goesOn') !== undefined && {
            goesOn: listOrNull(stored, 'goesOn', String),
          }),
        },
      }
    : {};

const heldBackFrom = (stored: unknown): Pick<Proposal, 'heldBack'> =>
  isRecord(stored)
    ? {
        heldBack: {
          contained: listAt(stored, 'contained').map(String),
          others: listAt(stored, 'others').map(String),
        },
      }
    : {};

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
        ...radiusFrom(at(stored, 'radius')),
        ...heldBackFrom(at(stored, 'heldBack')),
        ...(at(stored, 'twoPersons') === true && { twoPersons: true }),
        ...(at(stored, 'doubted') === true && { doubted: true }),
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

/** The states of an incident that a person still has to decide. */
export const openQuestionStates = ['awaiting-approval', 'unanswered'] as const;

export const isOpenQuestion = ({ state }: { readonly state: IncidentState }): boolean =>
  openQuestionStates.some((open) => open === state);

/** The answer that left the workload alone, while nothing else has been decided since. */
export const leaveOf = ({
  state,
  answers = [],
}: {
  readonly state: IncidentState;
  readonly answers?: readonly GivenAnswer[];
}): GivenAnswer | undefined => {
  const last = answers.at(-1);
  return ['notify-only', 'unanswered'].includes(state) && last && !last.contain ? last : undefined;
};

/** The result of a drill was mailed: what it rehearsed has ended. */
export const isDrillOver = ({
  head,
  mails,
}: {
  readonly head: { readonly drill: boolean };
  readonly mails: readonly { readonly kind: string }[];
}): boolean => head.drill && mails.some(({ kind }) => kind === 'drill');
