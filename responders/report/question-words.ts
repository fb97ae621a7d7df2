import type { Fact } from '../../report-templates/view.ts';
import type { Head } from '../incident/case.ts';
import type { GivenAnswer, Proposal, TimeLimit } from '../incident/question.ts';
import { timeLimitName } from '../incident/question.ts';
import { duration, inZone } from '../shared/time-text.ts';
import type { Show } from './shown.ts';

/** What an incident says about its question. */
export type AskedHead = Pick<
  Head,
  'state' | 'drill' | 'decision' | 'proposal' | 'timeLimit' | 'answers'
>;

/** How a person contains without Cordon. */
export const byHand = "deny the role and set the function's concurrency to 0";

const whoAnswered = (by: string, show: Show): string =>
  by === timeLimitName ? 'the time limit' : show(by, 120);

/** `left alone by anna at 2026-11-21 10:05:00 UTC: a load test` */
export const leftAloneText = ({ by, at, reason }: GivenAnswer, show: Show, zone = 'UTC'): string =>
  `left alone by ${whoAnswered(by, show)} at ${inZone(at, zone)}: ${show(reason, 400)}`;

const answerText = (answer: GivenAnswer, show: Show, zone: string): string =>
  answer.contain
    ? leftAloneText(answer, show, zone).replace('left alone', 'approved')
    : leftAloneText(answer, show, zone);

/** `03:41 UTC`; with its day where that is not the day of the question. */
export const deadlineText = ({ askedAt, endsAt }: TimeLimit): string => {
  const [asked = '', ends = ''] = [askedAt, endsAt].map((ms) => new Date(ms).toISOString());
  const day = asked.slice(0, 10) === ends.slice(0, 10) ? '' : `${ends.slice(0, 10)} `;
  return `${day}${ends.slice(11, 16)} UTC`;
};

/** `without an answer it is left alone after 30 min, at 03:41 UTC` */
export const waitingText = (limit: TimeLimit): string =>
  `without an answer it is ${limit.onTimeout === 'leave' ? 'left alone' : 'contained'} ` +
  `after ${duration(limit.endsAt - limit.askedAt)}, at ${deadlineText(limit)}`;

/** Over which bus the finding came: only GuardDuty and only the drill role can use them. */
const sourceText = (drill: boolean): string =>
  drill
    ? 'a drill, over the bus for drills; no real attack'
    : 'GuardDuty, over the default event bus of the account';

/** What calls or feeds the workload, and so fails while it is contained. */
const callersText = ({ callers, changes }: Proposal, show: Show): string => {
  if (changes.length === 0) return 'not known: the workload is not confirmed';
  if (callers === null) return 'not known: what calls it could not be read';
  if (callers.length === 0) return 'nothing that calls it was found';
  const more = callers.length > 10 ? `; ${callers.length - 10} more` : '';
  return `${callers
    .slice(0, 10)
    .map((caller) => show(caller, 100))
    .join('; ')}${more}`;
};

/** What each change of an approval stops, in the words of its responder. */
export const approvalLines = ({ proposal }: AskedHead, show: Show): readonly string[] => {
  if (!proposal) return [];
  if (proposal.changes.length === 0)
    return ['Cordon reads the account again, and contains only what it can confirm then.'];
  return proposal.changes.map(
    ({ title, target, stops }) =>
      `${show(title)} (${show(target, 120)}). Stops: ${show(stops, 400)}`,
  );
};

/** The question while it waits: who asks, from where it came, what breaks, what waiting means. */
const openQuestion = ({ drill, proposal, timeLimit }: AskedHead, show: Show): readonly Fact[] => [
  ...(proposal
    ? [
        { label: 'Asked by', text: `Cordon, because ${show(proposal.because, 400)}` },
        { label: 'Came from', text: sourceText(drill) },
        { label: 'Breaks', text: callersText(proposal, show) },
      ]
    : []),
  ...(timeLimit ? [{ label: 'Waiting', text: waitingText(timeLimit) }] : []),
];

/** Why it was asked, and earlier answers: the decision says the last answer. */
const answeredQuestion = (
  { answers = [], proposal }: AskedHead,
  show: Show,
  zone: string,
): readonly Fact[] => [
  ...(proposal && answers.length > 0
    ? [{ label: 'Asked', text: `because ${show(proposal.because, 400)}` }]
    : []),
  ...answers.slice(0, -1).map((answer) => ({
    label: 'Before',
    text: answerText(answer, show, zone),
  })),
];

/** The decision with its reason, and the question that led to it; or the question that waits. */
export const decisionFacts = (
  head: AskedHead,
  show: Show,
  { label, zone = 'UTC' }: { readonly label: 'Why' | 'Decided'; readonly zone?: string },
): readonly Fact[] => {
  const waits = head.state === 'awaiting-approval';
  return [
    ...(waits && head.proposal ? [] : [{ label, text: show(head.decision.reason, 400) }]),
    ...(waits ? openQuestion(head, show) : answeredQuestion(head, show, zone)),
  ];
};
