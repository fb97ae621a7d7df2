import { type Letter, subjectLine } from './mail.ts';

/** A notice that is written and not sent yet. */
export interface Waiting extends Letter {
  readonly incident: string;
  readonly kind: string;
  readonly round: number;
  readonly at: number;
}

/** The most urgent first: who must decide, then what is not contained. */
const urgency = ({ kind, subject }: Waiting): number =>
  kind === 'ask'
    ? 0
    : / (not-contained|partial|contested|awaiting-approval): /.test(subject)
      ? 1
      : / contained: /.test(subject)
        ? 3
        : 2;

const byUrgency = (one: Waiting, other: Waiting): number =>
  urgency(one) - urgency(other) || one.at - other.at;

/** `State: …` of the letter, which says what to do. */
const stateOf = ({ body }: Waiting): string => /^State: (.*)$/m.exec(body)?.[1] ?? '';

const lineOf = (one: Waiting): string => `* ${one.subject}\n    ${stateOf(one)}`;

const budget = 7_600;

/** As many as fit into one mail; the rest goes into the next one, a second later. */
export const fitting = (waiting: readonly Waiting[]): readonly Waiting[] => {
  const sorted = [...waiting].sort(byUrgency);
  let bytes = 0;
  const taken = sorted.filter((one) => {
    bytes += Buffer.byteLength(lineOf(one)) + 1;
    return bytes <= budget;
  });
  return taken.length > 0 ? taken : sorted.slice(0, 1);
};

/** One mail for many notices: each incident by name, with its state and what to do. */
export const digest = (taken: readonly Waiting[], waiting: number, now: number): Letter => {
  const drills = taken.every(({ subject }) => subject.startsWith('[DRILL] '));
  const urgent = taken.filter((one) => urgency(one) < 2).length;
  const clock = new Date(now).toISOString().slice(11, 23);
  const rest = waiting - taken.length;
  const lines = [
    `What:  ${taken.length} notices at once; more than one mail a second would help nobody`,
    'Where: see each line; cordon incidents lists them all',
    `State: ${urgent > 0 ? `${urgent} of them need you NOW: they stand first` : 'none of them needs a decision at once'}`,
    '',
    ...taken.map(lineOf),
    ...(rest > 0 ? ['', `${rest} more follow in the next mail.`] : []),
  ];
  return {
    subject: subjectLine(
      `${drills ? '[DRILL] ' : ''}Cordon digest: ${taken.length} notices, ${urgent} urgent (${clock} UTC)`,
    ),
    body: `${lines.join('\n')}\n`,
  };
};
