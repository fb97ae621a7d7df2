/** A moment of a drill, and what is said when it never came. */
export interface DrillMoment {
  /** Epoch ms; null when the drill has not seen it. */
  readonly at: number | null;
  readonly missing: string;
}

/** The time between two moments, or why there is none. A number is never made of a missing time. */
export type Elapsed = { readonly ms: number } | { readonly missing: string };

export const elapsed = (from: DrillMoment, to: DrillMoment): Elapsed => {
  if (from.at === null || !Number.isFinite(from.at)) return { missing: from.missing };
  if (to.at === null || !Number.isFinite(to.at)) return { missing: to.missing };
  return { ms: Math.round(to.at - from.at) };
};

/** Milliseconds, or null where a format has no place for a reason. */
export const elapsedMs = (time: Elapsed): number | null => ('ms' in time ? time.ms : null);

/** For people: the number, or a dash with the reason. */
export const elapsedText = (time: Elapsed): string =>
  'ms' in time ? `${time.ms} ms` : `– (${time.missing})`;

const momentOr =
  (missing: string) =>
  (at: number | null): DrillMoment => ({ at, missing });

/** The moments that checks and scorecards count from and to. */
export const moments = {
  injected: momentOr('no finding was put on the bus'),
  effective: momentOr('nothing was seen to be contained'),
  lastAllowed: momentOr('no call was allowed'),
  firstDenied: momentOr('no call was denied'),
};
