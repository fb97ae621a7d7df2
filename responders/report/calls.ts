import type { Call, TimelineView, Tone } from '../../report-templates/view.ts';
import { duration } from '../shared/time-text.ts';
import type { Phase, Timeline, TimelineRow, Whose } from '../timeline/timeline.ts';
import type { ReportInput } from './input.ts';
import { count, type Show } from './shown.ts';
import { picture } from './strip.ts';

/** So many rows can be read and stay below 300 kB; the rest is in the files. */
const most = 300;

const who: Readonly<Record<Whose, string>> = {
  suspect: 'workload',
  followed: 'led to',
  cordon: 'Cordon',
};

const phases: readonly (readonly [Phase, string])[] = [
  ['before', 'Before the activity'],
  ['activity', 'The activity'],
  ['response', 'While containment took hold'],
  ['after', 'After it held'],
];

/** `412 × s3:GetObject in 38 s` */
export const callOf = ({ count: many, action, at, until }: TimelineRow, show: Show): string =>
  many === 1
    ? show(action, 80)
    : `${many.toLocaleString('en-US')} × ${show(action, 80)} in ${duration(Date.parse(until) - Date.parse(at))}`;

const toneOf = ({ outcome, whose, phase }: TimelineRow): Tone => {
  if (whose === 'cordon') return 'good';
  if (outcome !== 'allowed') return 'good';
  return phase === 'after' ? 'bad' : 'warn';
};

const onWhat = ({ resources, distinct }: TimelineRow, show: Show): string => {
  const shown = resources.slice(0, 2).map((one) => show(one, 90));
  const more = Math.max(distinct, resources.length) - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${count(more, 'more', 'more')}` : ''}`;
};

const callView = (row: TimelineRow, show: Show): Call => ({
  iso: show(row.at, 30),
  clock: show(row.at, 30).replace(/^\d{4}-(\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, '$1 $2'),
  who: who[row.whose],
  what: callOf(row, show),
  on: onWhat(row, show),
  from: row.whose === 'cordon' ? '' : show(row.sourceIp, 45),
  outcome: show(row.outcome, 60),
  tone: toneOf(row),
  mark: row.mark ?? null,
});

/**
 * Marks first, then changes and what was led to, then reads: what tells most stays when not all
 * fit.
 */
const weight = ({ mark, whose, reads, outcome, phase }: TimelineRow): number =>
  (mark ? 16 : 0) +
  (phase === 'after' && outcome === 'allowed' ? 8 : 0) +
  (reads ? 0 : 4) +
  (whose === 'cordon' ? 2 : 0) +
  (whose === 'followed' ? 3 : 0) +
  (phase === 'activity' ? 1 : 0);

/** The rows to show, in the order of time. */
export const chosen = (rows: readonly TimelineRow[]): readonly TimelineRow[] => {
  if (rows.length <= most) return rows;
  const best = rows
    .map((row, index) => ({ index, weight: weight(row) }))
    .sort((one, other) => other.weight - one.weight || one.index - other.index);
  const kept = new Set(best.slice(0, most).map(({ index }) => index));
  return rows.filter((_row, index) => kept.has(index));
};

const sentence = ({ byWhose, events, horizon, rows }: Timeline, show: Show): string => {
  const until = horizon
    ? `CloudTrail has delivered up to ${show(horizon, 30)}`
    : 'CloudTrail has delivered nothing yet';
  return `${count(events, 'call')} in ${count(rows.length, 'row')}: ${count(byWhose.suspect, 'call')} by the workload, ${byWhose.followed} by whom it led to, ${byWhose.cordon} by Cordon. ${until}. All times UTC.`;
};

export const timelineView = ({ timeline: read, found }: ReportInput, show: Show): TimelineView => {
  if (!read.ok)
    return {
      sentence: `There is no timeline: ${show(read.why, 300)}.`,
      picture: null,
      phases: [],
      left: null,
    };
  const { timeline } = read;
  const rows = chosen(timeline.rows);
  const left = timeline.rows.length - rows.length;
  return {
    sentence: sentence(timeline, show),
    picture: picture(timeline.rows, found.head.clocks),
    phases: phases.flatMap(([phase, title]) => {
      const calls = rows.filter((row) => row.phase === phase).map((row) => callView(row, show));
      return calls.length > 0 ? [{ title, calls }] : [];
    }),
    left:
      left > 0
        ? `${count(left, 'more row')} are not shown here: the ones that tell most are. All are in the files.`
        : null,
  };
};
