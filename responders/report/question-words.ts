import type { Fact } from '../../report-templates/view.ts';
import type { Head } from '../incident/case.ts';
import type { GivenAnswer, Proposal, TimeLimit } from '../incident/question.ts';
import { isOpenQuestion, timeLimitName } from '../incident/question.ts';
import { countedYeses, type GivenYes } from '../incident/yeses.ts';
import { count } from '../shared/count.ts';
import { duration, inZone } from '../shared/time-text.ts';
import type { Show } from './shown.ts';

/** What an incident says about its question. */
export type AskedHead = Pick<
  Head,
  'state' | 'drill' | 'byHand' | 'decision' | 'proposal' | 'timeLimit' | 'answers'
> & {
  /** Those that count, where two persons must approve. */
  readonly yeses?: readonly Pick<GivenYes, 'at' | 'by' | 'reason'>[];
};

/** An incident with the yeses that count for its question. */
export const askedHead = (head: Head): AskedHead => ({ ...head, yeses: countedYeses(head) });

/** How a person contains without a finding. */
export const byHand = 'cordon contain <arn> --reason "…"';

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

/**
 * `without an answer it is left alone after 30 min, at 03:41 UTC`. Silence contains nothing while
 * it is not certain that the finding is real.
 */
export const waitingText = (limit: TimeLimit, proposal: Proposal | undefined): string => {
  const after = `after ${duration(limit.endsAt - limit.askedAt)}, at ${deadlineText(limit)}`;
  if (limit.onTimeout === 'leave') return `without an answer it is left alone ${after}`;
  return proposal?.doubted
    ? `without an answer ${after}, it is contained only if the finding has proven to be real by ` +
        'then; otherwise it is left alone, and asked again'
    : `without an answer it is contained ${after}`;
};

/** Over which bus the finding came: only GuardDuty and only the drill role can use them. */
const sourceText = ({ drill, byHand }: AskedHead, show: Show): string => {
  if (byHand) return `a person, by cordon contain: ${show(byHand.by, 120)}`;
  return drill
    ? 'a drill, over the bus for drills; no real attack'
    : 'GuardDuty, over the default event bus of the account';
};

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

const unread = 'not known: it could not be read in time';

const listText = (texts: readonly string[], none: string, show: Show): string => {
  if (texts.length === 0) return none;
  const more = texts.length > 10 ? `; ${texts.length - 10} more` : '';
  return `${texts
    .slice(0, 10)
    .map((text) => show(text, 160))
    .join('; ')}${more}`;
};

/** What a containment would touch, as numbers and names from before it. */
const radiusFacts = ({ radius }: Proposal, show: Show): readonly Fact[] => {
  if (!radius) return [];
  const { roleUsers, backlog, invocations, goesOn } = radius;
  const waiting = backlog?.map(
    ({ queue, messages }) => `about ${count(messages, 'message')} in queue ${queue}`,
  );
  const calls = invocations?.map(
    ({ functionName, lastHour }) =>
      `${functionName} was called ${count(lastHour, 'time')} in the last hour`,
  );
  return [
    { label: 'Same role', text: roleUsers ? listText(roleUsers, 'nobody else', show) : unread },
    { label: 'Backlog', text: waiting ? listText(waiting, 'no queue feeds it', show) : unread },
    { label: 'Used', text: calls ? listText(calls, '', show) : unread },
    { label: 'Goes on', text: goesOn === null ? unread : listText(goesOn ?? [], '', show) },
  ].filter(({ text }) => text !== '');
};

const idsText = (ids: readonly string[], show: Show): string => {
  const more = ids.length > 10 ? ` and ${ids.length - 10} more` : '';
  return `${ids
    .slice(0, 10)
    .map((id) => show(id, 40))
    .join(', ')}${more}`;
};

/** What has opened the circuit breaker, and what else it holds back. */
const heldBack = ({ heldBack: held }: Proposal, show: Show): readonly Fact[] =>
  held
    ? [
        {
          label: 'Held back',
          text:
            `by the circuit breaker, after ${idsText(held.contained, show)}` +
            (held.others.length > 0 ? `; held back too: ${idsText(held.others, show)}` : ''),
        },
      ]
    : [];

/** Whose yes is still needed, where one is not enough. */
const personsText = ({ yeses = [] }: AskedHead, show: Show, zone: string): string => {
  const [first] = yeses;
  return first
    ? `two must approve, and another person is needed: ${show(first.by, 120)} has approved at ` +
        `${inZone(first.at, zone)}: ${show(first.reason, 400)}`
    : 'two different people must approve, each with keys of their own; one no is enough';
};

const persons = (head: AskedHead, show: Show, zone: string): readonly Fact[] =>
  head.proposal?.twoPersons && (isOpenQuestion(head) || (head.yeses ?? []).length > 0)
    ? [{ label: 'Persons', text: personsText(head, show, zone) }]
    : [];

/** The question while it waits: who asks, from where it came, what breaks, what waiting means. */
const openQuestion = (head: AskedHead, show: Show): readonly Fact[] => {
  const { proposal, timeLimit } = head;
  return [
    ...(proposal
      ? [
          { label: 'Asked by', text: `Cordon, because ${show(proposal.because, 400)}` },
          { label: 'Came from', text: sourceText(head, show) },
          { label: 'Breaks', text: callersText(proposal, show) },
          ...radiusFacts(proposal, show),
          ...heldBack(proposal, show),
        ]
      : []),
    ...(timeLimit ? [{ label: 'Waiting', text: waitingText(timeLimit, proposal) }] : []),
  ];
};

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
    ...persons(head, show, zone),
    ...(waits ? openQuestion(head, show) : answeredQuestion(head, show, zone)),
  ];
};
