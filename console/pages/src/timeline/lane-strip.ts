import type { Lane, ShownEvent } from './shown-event.ts';

export const laneNames: Readonly<Record<Lane, string>> = {
  attacker: 'Attacker',
  cordon: 'Cordon',
  people: 'People',
  bystanders: 'Bystanders',
};
const laneOrder = Object.keys(laneNames) as readonly Lane[];

/** The lane that the address names; whatever else it says is none. */
export const laneIn = (given: string): Lane | '' => laneOrder.find((lane) => lane === given) ?? '';

export interface StripLane {
  readonly lane: Lane;
  /** Calls and decisions; a row that was counted stands for many. */
  readonly events: number;
  /** All its bars as one path: a strip has as many nodes for 10,000 events as for ten. */
  readonly bars: string;
}

export interface StripMark {
  readonly id: string;
  readonly mark: string;
  readonly at: string;
  /** In hundredths of the strip. */
  readonly left: number;
}

export interface Strip {
  readonly lanes: readonly StripLane[];
  readonly marks: readonly StripMark[];
  readonly from: number;
  readonly to: number;
  /** Where the records end, in hundredths: at the start as long as no source has delivered any. */
  readonly horizon: number;
}

export const stripBins = 100;
export const laneHeight = 28;
const leastHeight = 6;

/** Counts grow by their logarithm, so that one call beside a thousand is seen. */
const barsOf = (counts: readonly number[], most: number): string =>
  counts
    .flatMap((count, bin) => {
      const share = Math.log1p(count) / Math.log1p(most);
      const height = Math.round(Math.max(leastHeight, share * laneHeight));
      return count === 0 ? [] : [`M${bin + 0.1} ${laneHeight}v-${height}h.8v${height}z`];
    })
    .join('');

interface Span {
  readonly from: number;
  readonly to: number;
}

const spanOf = (events: readonly ShownEvent[], ends: readonly (string | null)[]): Span => {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const include = (at: number): void => {
    if (!Number.isFinite(at)) return;
    from = Math.min(from, at);
    to = Math.max(to, at);
  };
  for (const { atMs, untilMs } of events) {
    include(atMs);
    include(untilMs);
  }
  for (const end of ends) if (end !== null) include(Date.parse(end));
  return { from, to: Math.max(to, from + 60_000) };
};

const markNames = ['first allowed', 'last allowed', 'first denied'] as const;

/** Each mark once, in the order of time. */
const marksOf = (events: readonly ShownEvent[]): readonly ShownEvent[] =>
  markNames
    .flatMap((name) => events.find(({ mark }) => mark === name) ?? [])
    .sort((left, right) => left.atMs - right.atMs);

/** When how much was done, by whom; nothing where there is no event. */
export const stripOf = (
  events: readonly ShownEvent[],
  { horizon, until }: { readonly horizon: string | null; readonly until: string | null },
): Strip | undefined => {
  if (events.length === 0) return undefined;
  const { from, to } = spanOf(events, [horizon, until]);
  const shareOf = (at: number): number => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const binOf = (at: number): number =>
    Math.min(stripBins - 1, Math.floor(shareOf(at) * stripBins));
  const counts = new Map(laneOrder.map((lane) => [lane, Array<number>(stripBins).fill(0)]));
  for (const { atMs, count, lane } of events) {
    const own = counts.get(lane);
    const bin = binOf(atMs);
    if (own && Number.isFinite(bin)) own[bin] = (own[bin] ?? 0) + count;
  }
  const most = Math.max(1, ...[...counts.values()].flat());
  return {
    lanes: [...counts].map(([lane, own]) => ({
      lane,
      events: own.reduce((sum, count) => sum + count, 0),
      bars: barsOf(own, most),
    })),
    marks: marksOf(events).map(({ id, mark, at, atMs }) => ({
      ...{ id, mark, at },
      left: shareOf(atMs) * 100,
    })),
    ...{ from, to, horizon: horizon === null ? 0 : shareOf(Date.parse(horizon)) * 100 },
  };
};
