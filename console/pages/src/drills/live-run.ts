/** What the list of drills says of a run, as far as it matters here. */
interface ListedRun {
  readonly id: string;
  readonly openedAt: string;
  readonly about: string | null;
}

/**
 * A drill takes some minutes. One that was stopped half-way gets no score, and is not called live
 * for ever.
 */
const longestMs = 30 * 60_000;

/** The run that goes on or has just ended; the runs stand newest first. */
export const currentRun = <Run extends ListedRun>(
  runs: readonly Run[],
  isHeartbeat: (run: Run) => boolean,
  now: number,
): Run | undefined =>
  runs.find((run) => !isHeartbeat(run) && now - Date.parse(run.openedAt) < longestMs);
