import type { CallLine, Fact, TimelineView, Tone } from '../../report-templates/view.ts';
import { count, grouped } from '../shared/count.ts';
import { duration } from '../shared/time-text.ts';
import type { CallOrigin, Phase, Timeline, TimelineRow, Whose } from '../timeline/timeline.ts';
import { callerMeanings, shortName } from './attacker-words.ts';
import type { ReportInput } from './input.ts';
import type { Show } from './shown.ts';
import { picture } from './strip.ts';
import { countedSentence } from './words.ts';

/** With more rows the page would exceed 300 kB; the files hold them all. */
const mostRows = 300;

const actors: Readonly<Record<Exclude<Whose, 'suspect'> | CallOrigin, string>> = {
  attacker: 'attacker',
  function: 'function',
  unclear: 'unclear',
  followed: 'used or made',
  cordon: 'Cordon',
  platform: 'AWS',
};

const actorOf = ({ whose, origin = 'unclear' }: TimelineRow): string =>
  actors[whose === 'suspect' ? origin : whose];

const phases: readonly (readonly [Phase, string])[] = [
  ['before', 'Before the activity'],
  ['activity', 'The activity'],
  ['response', 'While containment took hold'],
  ['after', 'After it held'],
];

/** `412 × s3:GetObject in 38 s`; CloudTrail's times are whole seconds. */
const callOf = ({ count: calls, action, at, until }: TimelineRow, show: Show): string => {
  const name = show(action, 80);
  if (calls === 1) return name;
  const ms = Date.parse(until) - Date.parse(at);
  const taken = ms === 0 ? 'within a second' : `in ${duration(ms)}`;
  return `${grouped(calls)} × ${name} ${taken}`;
};

const toneOf = ({ outcome, whose, phase }: TimelineRow): Tone => {
  if (whose === 'cordon' || whose === 'platform') return 'good';
  if (outcome !== 'allowed') return 'good';
  return phase === 'after' ? 'bad' : 'warn';
};

const resourcesText = (
  { resources, distinct }: TimelineRow,
  nameOf: (resource: string) => string,
  show: Show,
): string => {
  // CloudTrail names many resources twice: by name and by ARN.
  const once = resources.filter(
    (resource) => !resources.some((other) => other !== resource && shortName(other) === resource),
  );
  const names = once.slice(0, 2).map((resource) => show(nameOf(resource), 90));
  const named = resources.length - once.length + names.length;
  const more = Math.max(distinct, resources.length) - named;
  return `${names.join(', ')}${more > 0 ? ` and ${count(more, 'more', 'more')}` : ''}`;
};

const callView = (row: TimelineRow, show: Show): CallLine => {
  const on = resourcesText(row, shortName, show);
  const onInFull = resourcesText(row, (resource) => resource, show);
  return {
    iso: show(row.at, 30),
    clock: show(row.at, 30).replace(/^\d{4}-(\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, '$1 $2'),
    who: actorOf(row),
    what: callOf(row, show),
    on,
    onInFull: on === onInFull ? '' : onInFull,
    from: row.whose === 'cordon' ? '' : show(row.sourceIp, 45),
    outcome: show(row.outcome, 60),
    tone: toneOf(row),
    mark: row.mark ?? null,
  };
};

/**
 * Which rows stay when not all fit: marked ones first, then allowed calls after containment, then
 * changes and calls of principals that the workload led to, reads last.
 */
const weight = ({ mark, whose, reads, outcome, phase }: TimelineRow): number =>
  (mark ? 16 : 0) +
  (phase === 'after' && outcome === 'allowed' ? 8 : 0) +
  (reads ? 0 : 4) +
  (whose === 'cordon' ? 2 : 0) +
  (whose === 'followed' ? 3 : 0) +
  (phase === 'activity' ? 1 : 0);

/** The rows to show, in the order of time. */
const shownRows = (rows: readonly TimelineRow[]): readonly TimelineRow[] => {
  if (rows.length <= mostRows) return rows;
  const heaviest = rows
    .map((row, index) => ({ index, weight: weight(row) }))
    .sort((left, right) => right.weight - left.weight || left.index - right.index);
  const indices = new Set(heaviest.slice(0, mostRows).map(({ index }) => index));
  return rows.filter((_row, index) => indices.has(index));
};

/** Calls that share a line because they were counted. */
const countedIn = (timeline: Timeline): number =>
  timeline.all.reduce((sum, { count: calls = 1 }) => sum + (calls > 1 ? calls : 0), 0);

const summary = (timeline: Timeline, show: Show): string => {
  const { byWhose, events, horizon, rows } = timeline;
  const counted = countedIn(timeline);
  const until = horizon
    ? `CloudTrail has delivered up to ${show(horizon, 30)}`
    : 'CloudTrail has delivered nothing yet';
  const { suspect, followed, cordon } = byWhose;
  return [
    `${count(events, 'call')} in ${count(rows.length, 'row')}:`,
    `${count(suspect, 'call')} with the workload’s session,`,
    `${followed} by roles or users it went on to use,`,
    `${cordon} by Cordon. ${until}. All times UTC.`,
    ...(counted > 0 ? [countedSentence(counted)] : []),
  ].join(' ');
};

/** Explains the words of the column *Who* that the rows have. */
const legendOf = (rows: readonly TimelineRow[]): readonly Fact[] => {
  const present = new Set(rows.map(actorOf));
  return Object.entries(callerMeanings).flatMap(([who, text]) => {
    const label = actors[who as keyof typeof callerMeanings];
    return present.has(label) ? [{ label, text }] : [];
  });
};

export const timelineView = (
  { timeline: read, incident }: ReportInput,
  show: Show,
): TimelineView => {
  if (!read.ok)
    return {
      sentence: `There is no timeline: ${show(read.why, 300)}.`,
      legend: [],
      picture: null,
      phases: [],
      left: null,
    };
  const { timeline } = read;
  const rows = shownRows(timeline.rows);
  const left = timeline.rows.length - rows.length;
  return {
    sentence: summary(timeline, show),
    legend: legendOf(rows),
    picture: picture(timeline.rows, incident.head.clocks),
    phases: phases.flatMap(([phase, title]) => {
      const calls = rows.filter((row) => row.phase === phase).map((row) => callView(row, show));
      return calls.length > 0 ? [{ title, calls }] : [];
    }),
    left:
      left > 0 ? `${count(left, 'more row')} are not shown here; the files hold every row.` : null,
  };
};
