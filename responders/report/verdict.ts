import type {
  ActionLine,
  Fact,
  ReportVerdict,
  ReportView,
  Tone,
} from '../../report-templates/view.ts';
import type { Case } from '../incident/case.ts';
import { type Action, isPartlyReleased } from '../incident/incident.ts';
import { count } from '../shared/count.ts';
import { duration } from '../shared/time-text.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { dataEventsUnknown } from './attacker-words.ts';
import type { ReportInput } from './input.ts';
import type { Show } from './shown.ts';
import { timeView } from './time-view.ts';
import { verdictWith } from './verdict-line.ts';
import {
  contradiction,
  mayHold,
  outcomeTones,
  outcomeWords,
  severityWord,
  signs,
  tones,
} from './words.ts';

/** CloudTrail knows whole seconds only, and a call that was under way is not a breach. */
const grace = 5_000;

const known = ({ timeline }: ReportInput): Timeline | undefined =>
  timeline.ok ? timeline.timeline : undefined;

/**
 * An allowed call after everything was seen to hold: what Cordon saw and what the log says do not
 * agree.
 */
export const allowedAfter = (input: ReportInput): boolean => {
  const { state, clocks } = input.incident.head;
  const last = known(input)?.lastAllowed;
  return (
    state === 'contained' &&
    clocks.effective !== null &&
    last != null &&
    Date.parse(last.at) > clocks.effective + grace
  );
};

const confidence = (input: ReportInput): ReportVerdict['confidence'] => {
  const { head, actions } = input.incident;
  const timeline = known(input);
  const held = actions.filter(({ outcome }) => outcome === 'contained').length;
  if (head.state === 'released')
    return { word: 'high', why: 'Cordon knows what it did and what it took back.' };
  if (!['contained', 'partial', 'not-contained', 'contested'].includes(head.state))
    return unchangedConfidence[confirmedBy(head)];
  if (allowedAfter(input))
    return {
      word: 'low',
      why: 'CloudTrail shows an allowed call after every change was seen to hold.',
    };
  if (isPartlyReleased(head.state, actions))
    return { word: 'high', why: 'Cordon looked at each change after it took it back.' };
  const seen = `${held} of ${count(actions.length, 'change')} seen to hold`;
  if (head.state === 'partial' || head.state === 'not-contained')
    return { word: 'high', why: `${seen}: Cordon looked after each change.` };
  if (!timeline) return { word: 'medium', why: `${seen}; no timeline confirms it.` };
  if (timeline.firstDenied)
    return { word: 'high', why: `${seen}, and CloudTrail shows the first denied call.` };
  return {
    word: 'medium',
    why: `${seen}; CloudTrail shows no denied call yet; perhaps none was tried.`,
  };
};

/** Nothing was changed, or not yet: how much of the finding the account has confirmed. */
const unchangedConfidence: Readonly<
  Record<'byHand' | 'confirmed' | 'told', ReportVerdict['confidence']>
> = {
  byHand: {
    word: 'medium',
    why: 'A person has asked for it; Cordon has no finding that says what happened.',
  },
  confirmed: {
    word: 'medium',
    why: 'The workload exists as the finding says; whether it was attacked, only GuardDuty says.',
  },
  told: {
    word: 'low',
    why: 'Only GuardDuty says so: Cordon has confirmed nothing in the account.',
  },
};

const confirmedBy = ({ byHand, suspect }: Case['head']): keyof typeof unchangedConfidence => {
  if (byHand) return 'byHand';
  return suspect ? 'confirmed' : 'told';
};

const provisional = ({ version, timeline }: ReportInput): string | null => {
  if (version === 1)
    return 'Provisional: CloudTrail is some minutes late. Version 2 follows with what it delivers.';
  if (timeline.ok && timeline.timeline.pending)
    return 'Timeline pending: not every question to CloudTrail is answered yet.';
  return timeline.ok && timeline.timeline.provisional
    ? 'Provisional: the timeline may still grow.'
    : null;
};

/** `HIGH 8` */
const severityOf = (head: Case['head']): string => {
  const word = severityWord(head);
  return word === 'SEVERITY UNKNOWN' ? word : `${word} ${head.finding.severity}`;
};

export const verdict = (input: ReportInput, show: Show): ReportVerdict => {
  const { head, actions } = input.incident;
  const contradicted = allowedAfter(input);
  const reason = show(head.decision.reason, 400);
  const words = contradicted ? contradiction : verdictWith({ state: head.state, actions }, reason);
  const colon = words.indexOf(':');
  const tone: Tone = contradicted ? 'bad' : tones[head.state];
  return {
    tone,
    sign: signs[tone],
    headline: colon < 0 ? words : words.slice(0, colon),
    sentence:
      colon < 0
        ? ''
        : `${words.slice(colon + 2, colon + 3).toUpperCase()}${words.slice(colon + 3)}`,
    state: head.state,
    severity: severityOf(head),
    confidence: confidence(input),
    provisional: provisional(input),
  };
};

/** Of a timeline that shows no such call: whether it can show one yet. */
const noCallText = (timeline: Timeline | undefined, nothing: string): string => {
  if (!timeline) return 'no timeline to look in';
  return timeline.pass === 1 ? dataEventsUnknown : nothing;
};

/** A call that AWS allows under every policy proves nothing, but it is there. */
const noneAllowed = (timeline: Timeline | undefined): string => {
  const undeniable = (timeline?.rows ?? []).some(
    ({ whose, outcome }) => whose === 'suspect' && outcome === 'allowed',
  );
  return undeniable
    ? 'only sts:GetCallerIdentity, which no policy can deny'
    : 'CloudTrail shows no allowed call';
};

/** A fact and its moment; null where there is none. */
interface DatedFact extends Fact {
  readonly at: number | null;
}

/**
 * First change, last allowed, first denied: the proof of containment in the order of time, or the
 * reason why there is none.
 */
const proof = (input: ReportInput, show: Show): Fact[] => {
  const { head } = input.incident;
  const { zone } = input.place;
  const timeline = known(input);
  const callFact = (label: string, call: Timeline['lastAllowed'], nothing: string): DatedFact => {
    if (!call) return { label, text: noCallText(timeline, nothing), at: null };
    const at = Date.parse(call.at);
    const what = `${show(call.action, 80)} (event ${show(call.id, 60)})`;
    return { label, text: `${timeView(at, zone).text}: ${what}`, at };
  };
  const { accepted, effective, event } = head.clocks;
  const clockFact = (label: string, at: number | null, nothing: string): DatedFact => {
    const since = at === null || event === null ? '' : `, ${duration(at - event)} after the event`;
    return { label, text: at === null ? nothing : `${timeView(at, zone).text}${since}`, at };
  };
  const facts = [
    clockFact('First change', accepted, 'none was made'),
    clockFact('Seen to hold', effective, accepted === null ? 'nothing was changed' : 'not yet'),
    callFact('Last allowed', timeline?.lastAllowed ?? null, noneAllowed(timeline)),
    callFact('First denied', timeline?.firstDenied ?? null, 'CloudTrail shows no denied call yet'),
  ];
  // Facts without a moment come last.
  const moment = ({ at }: DatedFact): number => at ?? Number.MAX_SAFE_INTEGER;
  return facts
    .toSorted((left, right) => moment(left) - moment(right))
    .map(({ label, text }) => ({ label, text }));
};

const outcomeText = (
  outcome: Action['outcome'],
  reason: string | undefined,
  show: Show,
): string => {
  const why = reason && outcome !== 'contained' ? `: ${show(reason, 300)}` : '';
  return `${signs[outcomeTones[outcome]]} ${outcomeWords[outcome]}${why}`;
};

/** Since when it holds; empty where it does not. */
const sinceText = (
  { outcome, effectiveMs, acceptedMs }: Pick<Action, 'outcome' | 'effectiveMs' | 'acceptedMs'>,
  zone: string,
): string => {
  const at = effectiveMs ?? acceptedMs;
  return at === null || !mayHold({ outcome }) ? '' : `since ${timeView(at, zone).text}`;
};

const actionView = (
  { incident: { actions }, place: { catalog, zone } }: ReportInput,
  show: Show,
): ActionLine[] =>
  catalog.flatMap(({ id, title, stops }) =>
    actions
      .filter(({ responder }) => responder === id)
      .map(({ target, outcome, reason, effectiveMs, acceptedMs }) => ({
        title,
        target: show(target, 120),
        tone: outcomeTones[outcome],
        outcome: outcomeText(outcome, reason, show),
        stops,
        since: sinceText({ outcome, effectiveMs, acceptedMs }, zone),
      })),
  );

export const contained = (input: ReportInput, show: Show): ReportView['contained'] => ({
  proof: proof(input, show),
  actions: actionView(input, show),
});
