import type { DrillRun } from './catalogue.ts';

export const trendWidth = 600;
export const trendHeight = 96;
const mostBars = 40;
const gap = 3;

export interface TrendBar {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly passed: boolean;
  readonly title: string;
}

export interface Trend {
  readonly bars: readonly TrendBar[];
  readonly passed: number;
  readonly runs: number;
  /** The longest time until the first denied call, in ms; null where none was seen. */
  readonly slowest: number | null;
  readonly from: string;
  readonly to: string;
}

export const secondsText = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const barOf = (
  { id, score }: DrillRun,
  { x, width, slowest }: { readonly x: number; readonly width: number; readonly slowest: number },
): TrendBar => {
  const denied = score?.firstDeniedMs ?? null;
  // A call that was never denied is worse than any time.
  const height =
    denied === null ? trendHeight : Math.max(4, (denied / slowest) * (trendHeight - 4));
  const passed = score?.passed === true;
  const when = denied === null ? 'no call was denied' : `first denied after ${secondsText(denied)}`;
  return {
    ...{ id, x, width, height, passed, y: trendHeight - height },
    title: `${id}: ${passed ? 'passed' : 'failed'}, ${when}`,
  };
};

/** How fast the last scored drills were denied, the oldest first; nothing for fewer than two. */
export const trendOf = (newestFirst: readonly DrillRun[]): Trend | undefined => {
  const runs = newestFirst
    .filter(({ score }) => score !== null)
    .slice(0, mostBars)
    .toReversed();
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last || runs.length < 2) return undefined;
  const times = runs.flatMap(({ score }) => score?.firstDeniedMs ?? []);
  const slowest = Math.max(1, ...times);
  const step = trendWidth / Math.max(runs.length, 12);
  return {
    bars: runs.map((run, index) => barOf(run, { x: index * step, width: step - gap, slowest })),
    passed: runs.filter(({ score }) => score?.passed).length,
    runs: runs.length,
    slowest: times.length > 0 ? slowest : null,
    ...{ from: first.openedAt, to: last.openedAt },
  };
};
