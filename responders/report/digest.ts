import { count } from '../shared/count.ts';
import { consoleLineIn } from './console-link.ts';
import { type Letter, subjectLine } from './mail.ts';

/** A notice that is stored and not sent yet. */
export interface QueuedNotice extends Letter {
  readonly incident: string;
  readonly kind: string;
  readonly round: number;
  readonly at: number;
  /** As the mail of the incident keeps it. */
  readonly told?: number;
}

/** A thousand forged findings must not bury one real one: each is one line. */
export const isForged = (subject: string): boolean => subject.startsWith('Cordon FORGED finding: ');

/** A finding that was only recorded is one line, the last one. */
export const isQuiet = (subject: string): boolean => / recorded only: /.test(subject);

/** Nothing was changed, and a person judges whether it is an attack. */
const isUnjudged = (subject: string): boolean =>
  !subject.startsWith('[DRILL] ') && / (CRITICAL|HIGH) notify-only: /.test(subject);

/** The lower, the more urgent: decisions first, then what is not contained. */
const urgency = ({ kind, subject }: QueuedNotice): number =>
  kind === 'ask'
    ? 0
    : kind === 'tamper' ||
        kind === 'check' ||
        kind === 'heartbeat' ||
        / (not-contained|partial|contested|awaiting-approval): /.test(subject) ||
        isUnjudged(subject)
      ? 1
      : isQuiet(subject)
        ? 4
        : / contained: /.test(subject)
          ? 3
          : 2;

/** The most urgent first, then the oldest. */
export const byUrgency = (left: QueuedNotice, right: QueuedNotice): number =>
  urgency(left) - urgency(right) || left.at - right.at;

/** `State: …` of the letter, which says what to do. */
const stateOf = ({ body }: QueuedNotice): string => /^State: (.*)$/m.exec(body)?.[1] ?? '';

/** What other principals have removed. */
const removedOf = ({ body }: QueuedNotice): readonly string[] =>
  [...body.matchAll(/^Removed: +(.*)$/gm)].map(([, text]) => `Removed: ${text}`);

/** After a release: whether earlier sessions stay denied, and until when. */
const sessionsOf = ({ body }: QueuedNotice): readonly string[] =>
  /^Sessions: +(.*)$/m
    .exec(body)
    ?.slice(1)
    .map((text) => `Sessions: ${text}`) ?? [];

/** What no incident records: the execution, and why. */
const unrecordedOf = ({ kind, body }: QueuedNotice): readonly string[] =>
  kind === 'heartbeat' || kind === 'refused'
    ? [...body.matchAll(/^(Where|Why): +(.*)$/gm)].map(([, label, text]) => `${label}: ${text}`)
    : [];

const lineOf = (notice: QueuedNotice): string =>
  isQuiet(notice.subject) || isForged(notice.subject)
    ? `* ${notice.subject}`
    : [
        `* ${notice.subject}`,
        stateOf(notice),
        ...unrecordedOf(notice),
        ...consoleLineIn(notice.body),
        ...removedOf(notice),
        ...sessionsOf(notice),
      ].join('\n    ');

/** Bytes of lines, so that the whole mail stays below 8 KB. */
const mostBytes = 7_600;

/** As many as fit into one mail; the rest goes into the next one, a second later. */
export const fitting = (waiting: readonly QueuedNotice[]): readonly QueuedNotice[] => {
  const sorted = [...waiting].sort(byUrgency);
  let bytes = 0;
  const taken = sorted.filter((notice) => {
    bytes += Buffer.byteLength(lineOf(notice)) + 1;
    return bytes <= mostBytes;
  });
  return taken.length > 0 ? taken : sorted.slice(0, 1);
};

/** One mail for many notices: each incident by name, with its state and what to do. */
export const digest = (taken: readonly QueuedNotice[], waiting: number, now: number): Letter => {
  const drills = taken.every(({ subject }) => subject.startsWith('[DRILL] '));
  const urgent = taken.filter((notice) => urgency(notice) < 2).length;
  const clock = new Date(now).toISOString().slice(11, 23);
  const later = waiting - taken.length;
  const state =
    urgent > 0
      ? `${urgent} of them ${urgent === 1 ? 'needs' : 'need'} you NOW: first in this list`
      : 'none of them needs a decision at once';
  const drill = drills ? '[DRILL] ' : '';
  const lines = [
    `What:  ${count(taken.length, 'notice')} combined`,
    'Where: each line names its incident or its execution',
    `State: ${state}`,
    '',
    ...taken.map(lineOf),
    ...(later > 0
      ? ['', `${later} more ${later === 1 ? 'follows' : 'follow'} in the next mail.`]
      : []),
  ];
  return {
    subject: subjectLine(
      `${drill}Cordon digest: ${count(taken.length, 'notice')}, ${urgent} urgent (${clock} UTC)`,
    ),
    body: `${lines.join('\n')}\n`,
  };
};
