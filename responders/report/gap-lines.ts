import type { Case } from '../incident/case.ts';
import { type Gap, gapKind } from '../incident/evidence.ts';
import { gapsOf } from '../incident/stage.ts';
import type { Show } from './shown.ts';

const isForeign = (gap: Gap): boolean => gapKind(gap) === 'foreign';

/**
 * What the evidence lacks, each line once: sealing repeats what the collection said. Round-robin
 * over sources, because the mail has room for a few.
 */
export const lostLines = ({ stages }: Case, show: Show): string[] => {
  const gaps = gapsOf(stages).filter((gap) => !gap.always && !isForeign(gap));
  const lines = new Map(
    gaps.map((gap) => [
      `${gapKind(gap).toUpperCase()} ${show(gap.what, 120)}: ${show(gap.why, 160)}`,
      gap.collector,
    ]),
  );
  const sources = [...Map.groupBy(lines, ([, collector]) => collector).values()];
  return sources
    .flatMap((own) => own.map(([line], turn) => ({ line, turn })))
    .sort((left, right) => left.turn - right.turn)
    .map(({ line }) => line);
};

/** What lies in the folder of the evidence and is not known to be Cordon’s. */
export const foreignLines = ({ stages }: Case, show: Show): string[] =>
  gapsOf(stages)
    .filter(isForeign)
    .map(({ what, why }) => `${show(what, 120)}: ${show(why, 200)}`);
