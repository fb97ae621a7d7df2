import type { Picture } from '../../report-templates/view.ts';
import type { Clocks } from '../incident/incident.ts';
import { count } from '../shared/count.ts';
import { duration, timeOfDay } from '../shared/time-text.ts';
import type { TimelineRow } from '../timeline/timeline.ts';

const left = 6;
const right = 354;
const bins = 58;
const laneHeight = 26;
const top = 44;

interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

interface Lane {
  readonly name: string;
  readonly hollow: boolean;
  readonly takes: (row: TimelineRow) => boolean;
}

const isTheirs = ({ whose }: TimelineRow) => whose === 'suspect' || whose === 'followed';
const allowed = ({ outcome }: TimelineRow) => outcome === 'allowed';

/** Filled: it worked. Hollow: it was denied. The names stand beside them. */
const lanes: readonly Lane[] = [
  { name: 'allowed', hollow: false, takes: (row) => isTheirs(row) && allowed(row) },
  { name: 'denied', hollow: true, takes: (row) => isTheirs(row) && !allowed(row) },
  { name: 'Cordon', hollow: false, takes: (row) => row.whose === 'cordon' },
];

/**
 * From the first call to the last; what was long before the activity would squeeze the rest and is
 * left out.
 */
const spanOf = (
  rows: readonly TimelineRow[],
  { event, effective, activity }: Clocks,
): TimeSpan | undefined => {
  const near = rows.filter(({ phase }) => phase !== 'before');
  const times = [
    ...near.flatMap(({ at, until }) => [Date.parse(at), Date.parse(until)]),
    ...[event, effective].filter((clock) => clock !== null),
  ].filter(Number.isFinite);
  if (near.length === 0 || times.length === 0) return undefined;
  const from = times.reduce(
    (earliest, time) => Math.min(earliest, time),
    activity ?? Number.POSITIVE_INFINITY,
  );
  const to = times.reduce((latest, time) => Math.max(latest, time), from);
  return { from, to: Math.max(to, from + 1_000) };
};

const xOf = (at: number, { from, to }: TimeSpan): number =>
  Math.round((left + ((at - from) / (to - from)) * (right - left)) * 10) / 10;
const binOf = (at: number, { from, to }: TimeSpan): number =>
  Math.min(bins - 1, Math.max(0, Math.floor(((at - from) / (to - from)) * bins)));

/** A burst is spread over the time that it took. */
const filled = (rows: readonly TimelineRow[], span: TimeSpan): number[] => {
  const heights = Array.from({ length: bins }, () => 0);
  for (const { at, until, count: many } of rows) {
    const [firstBin, lastBin] = [binOf(Date.parse(at), span), binOf(Date.parse(until), span)];
    if (!Number.isFinite(firstBin) || !Number.isFinite(lastBin)) continue;
    for (let bin = firstBin; bin <= lastBin; bin += 1)
      heights[bin] = (heights[bin] ?? 0) + many / (lastBin - firstBin + 1);
  }
  return heights;
};

/** Heights grow with the logarithm: one call among thousands must still be seen. */
const barsOf = (heights: readonly number[], base: number) => {
  const width = (right - left) / bins;
  const tallest = Math.log2(1 + Math.max(1, ...heights));
  return heights.flatMap((height, bin) => {
    if (height <= 0) return [];
    const tall = Math.max(3, Math.round((Math.log2(1 + height) / tallest) * (laneHeight - 8)));
    return [
      {
        x: Math.round((left + bin * width) * 10) / 10,
        y: base - tall,
        width: Math.round((width - 1) * 10) / 10,
        height: tall,
      },
    ];
  });
};

const moment = (label: string, at: number, span: TimeSpan, y: number) => {
  const x = xOf(at, span);
  const anchor = x > 240 ? 'end' : 'start';
  return { x, labelX: anchor === 'end' ? x - 3 : x + 3, y, anchor, label };
};

const summary = (rows: readonly TimelineRow[], span: TimeSpan): string => {
  const sum = (takes: (row: TimelineRow) => boolean) =>
    rows
      .filter((row) => row.phase !== 'before' && takes(row))
      .reduce((total, row) => total + row.count, 0);
  const parts = lanes.map(({ name, takes }) =>
    name === 'Cordon'
      ? `${count(sum(takes), 'call')} by Cordon`
      : `${count(sum(takes), 'call')} ${name}`,
  );
  const period = `From ${timeOfDay(span.from)} to ${timeOfDay(span.to)} UTC`;
  const calls = `${period} (${duration(span.to - span.from)}): ${parts.join(', ')}.`;
  return `${calls} The same calls are in the tables below.`;
};

/**
 * Allowed, denied and Cordon’s own calls over time, with the moments that matter. Pure numbers: the
 * template draws.
 */
export const picture = (rows: readonly TimelineRow[], clocks: Clocks): Picture | null => {
  const span = spanOf(rows, clocks);
  if (!span) return null;
  const height = top + lanes.length * (laneHeight + 12) + 14;
  const inside = rows.filter(({ phase }) => phase !== 'before');
  const moments = [
    ...(clocks.event === null ? [] : [moment('finding', clocks.event, span, 10)]),
    ...(clocks.effective === null ? [] : [moment('contained', clocks.effective, span, 22)]),
  ];
  return {
    title: 'Calls over time',
    text: summary(rows, span),
    height,
    bottom: height - 15,
    tickY: height - 4,
    lanes: lanes.map(({ name, hollow, takes }, index) => {
      const base = top + index * (laneHeight + 12) + laneHeight;
      return {
        name,
        hollow,
        y: base - laneHeight + 2,
        base,
        bars: barsOf(filled(inside.filter(takes), span), base),
      };
    }),
    moments,
    ticks: [
      { x: left, anchor: 'start', label: timeOfDay(span.from) },
      { x: right, anchor: 'end', label: timeOfDay(span.to) },
    ],
  };
};
