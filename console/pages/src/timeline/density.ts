import type { ShownEvent } from './shown-event.ts';

export interface DensityBar {
  readonly lane: ShownEvent['whose'];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Density {
  readonly bars: readonly DensityBar[];
  /** Where the records end; nothing behind it is known yet. */
  readonly horizonAt: number;
  readonly from: number;
  readonly to: number;
}

const bins = 80;
export const stripWidth = 800;
export const stripHeight = 56;
const order = ['suspect', 'followed', 'cordon', 'platform', 'unknown'] as const;

/** How many calls were made when, by whom: counts grow by their root, so that one call is seen. */
export const densityOf = (
  events: readonly ShownEvent[],
  horizon: string | null,
): Density | undefined => {
  const times = events.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
  if (times.length === 0) return undefined;
  const from = times.reduce((least, at) => Math.min(least, at));
  const last = times.reduce((most, at) => Math.max(most, at));
  const end = horizon === null ? last : Math.max(last, Date.parse(horizon));
  const to = Math.max(end, from + 60_000);
  const counts = Array.from({ length: bins }, () => new Map<string, number>());
  for (const { at, count, whose } of events) {
    const bin = Math.min(bins - 1, Math.floor(((Date.parse(at) - from) / (to - from)) * bins));
    counts[bin]?.set(whose, (counts[bin].get(whose) ?? 0) + count);
  }
  const totals = counts.map((lanes) => [...lanes.values()].reduce((sum, count) => sum + count, 0));
  const most = Math.max(...totals, 1);
  const width = stripWidth / bins;
  const bars = counts.flatMap((lanes, bin) => {
    const total = totals[bin] ?? 0;
    const tall = Math.sqrt(total / most) * stripHeight;
    let y = stripHeight;
    return order.flatMap((lane) => {
      const height = ((lanes.get(lane) ?? 0) / Math.max(1, total)) * tall;
      y -= height;
      return height > 0 ? [{ lane, x: bin * width, y, width: width - 1, height }] : [];
    });
  });
  const known = horizon === null ? to : Math.min(to, Date.parse(horizon));
  return { bars, from, to, horizonAt: ((known - from) / (to - from)) * stripWidth };
};
