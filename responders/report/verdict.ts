import type {
  ActionLine,
  Fact,
  ReportVerdict,
  ReportView,
  Tone,
} from '../../report-templates/view.ts';
import type { Responder } from '../contain/responder.ts';
import type { Case } from '../incident/case.ts';
import type { Action } from '../incident/incident.ts';
import { duration } from '../shared/time-text.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { ReportInput } from './input.ts';
import { count, list, type Show } from './shown.ts';
import { timeView } from './time-view.ts';
import {
  actionLines,
  contradiction,
  nextStep,
  outcomeTones,
  outcomeWords,
  severityBand,
  signs,
  tones,
  verdicts,
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
  if (!['contained', 'partial', 'not-contained', 'contested'].includes(head.state))
    return { word: 'high', why: 'Cordon knows what it did and did not do.' };
  if (allowedAfter(input))
    return {
      word: 'low',
      why: 'CloudTrail shows an allowed call after every change was seen to hold.',
    };
  const seen = `${held} of ${count(actions.length, 'change')} seen to hold`;
  if (!timeline) return { word: 'medium', why: `${seen}; no timeline confirms it.` };
  if (timeline.firstDenied)
    return { word: 'high', why: `${seen}, and CloudTrail shows the first denied call.` };
  return {
    word: 'medium',
    why: `${seen}; CloudTrail shows no denied call yet, so nobody may have tried since.`,
  };
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

export const verdict = (input: ReportInput): ReportVerdict => {
  const { head } = input.incident;
  const contradicted = allowedAfter(input);
  const words = contradicted ? contradiction : verdicts[head.state];
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
    severity: `${severityBand(head.finding.severity)} ${head.finding.severity}`,
    confidence: confidence(input),
    provisional: provisional(input),
  };
};

/** Last allowed and first denied: the proof of containment, or the reason why there is none. */
const proof = (input: ReportInput, show: Show): Fact[] => {
  const { head } = input.incident;
  const { zone } = input.place;
  const timeline = known(input);
  const callFact = (label: string, call: Timeline['lastAllowed'], nothing: string): Fact => {
    if (!call) return { label, text: nothing };
    const when = timeView(Date.parse(call.at), zone).text;
    return { label, text: `${when}: ${show(call.action, 80)} (event ${show(call.id, 60)})` };
  };
  const { accepted, effective, event } = head.clocks;
  const since = (at: number | null) =>
    at === null || event === null ? '' : `, ${duration(at - event)} after the event`;
  return [
    {
      label: 'Seen to hold',
      text: effective === null ? 'not yet' : `${timeView(effective, zone).text}${since(effective)}`,
    },
    {
      label: 'First change',
      text:
        accepted === null ? 'none was made' : `${timeView(accepted, zone).text}${since(accepted)}`,
    },
    callFact(
      'Last allowed',
      timeline?.lastAllowed ?? null,
      timeline ? 'CloudTrail shows no allowed call' : 'no timeline to look in',
    ),
    callFact(
      'First denied',
      timeline?.firstDenied ?? null,
      timeline ? 'CloudTrail shows no denied call yet' : 'no timeline to look in',
    ),
  ];
};

const outcomeText = (
  outcome: Action['outcome'],
  reason: string | undefined,
  show: Show,
): string => {
  const why = reason && outcome !== 'contained' ? `: ${show(reason, 300)}` : '';
  return `${signs[outcomeTones[outcome]]} ${outcomeWords[outcome]}${why}`;
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
        since:
          effectiveMs === null && acceptedMs === null
            ? 'never'
            : timeView(effectiveMs ?? acceptedMs ?? 0, zone).text,
      })),
  );

export const contained = (input: ReportInput, show: Show): ReportView['contained'] => ({
  proof: proof(input, show),
  actions: actionView(input, show),
});

/** What every responder that holds has stopped, in the catalogue's order. */
const stoppedWords = ({ actions }: Case, catalog: readonly Responder[]): string => {
  const holding = new Set(
    actions.filter(({ outcome }) => outcome === 'contained').map(({ responder }) => responder),
  );
  return list(catalog.filter(({ id }) => holding.has(id)).map(({ headline }) => headline));
};

const sentence = (text: string): string =>
  text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`;

/** One sentence: the commands stand below, under the decisions. */
const nowOf = ({ head, actions }: Case, steps: ReportView['rotate']): string => {
  const mostUrgent = steps[0]?.what;
  const rotate =
    mostUrgent && steps.length > 1
      ? `${steps.length} credentials, first ${mostUrgent}`
      : mostUrgent;
  if (head.state === 'contained')
    return rotate
      ? `Rotate ${rotate}. Release when the workload is clean.`
      : 'Look at what was reached. Release when the workload is clean.';
  const then = rotate && head.state === 'partial' ? `. Then rotate ${rotate}` : '';
  // A command is copied: no full stop behind its last quote.
  return `${nextStep(head, actions)}${then}.`.replace('".', '"');
};

/** Three short answers for the first screen. */
export const glance = (
  input: ReportInput,
  view: Pick<ReportView, 'open' | 'rotate'> & { verdict: ReportVerdict },
  show: Show,
): ReportView['glance'] => {
  const { incident, place } = input;
  const stopped = stoppedWords(incident, place.catalog);
  const failed = incident.actions.filter(
    ({ outcome }) => outcome === 'not-contained' || outcome === 'applied',
  );
  const why =
    view.verdict.tone === 'good'
      ? sentence(stopped)
      : `${view.verdict.sentence} ${sentence(stopped)}`.trim();
  const urgent = failed.length > 0 ? actionLines(failed, place.catalog, show) : [];
  const more = view.open.length - 1;
  const still = view.open[0]
    ? `${view.open[0].what}${more > 0 ? `, and ${count(more, 'more point')} below` : ''}.`
    : 'Nothing that Cordon knows of.';
  return {
    contained: why || view.verdict.sentence,
    open: urgent[0] ?? still,
    now: nowOf(incident, view.rotate),
  };
};
