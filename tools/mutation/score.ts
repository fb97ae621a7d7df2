import { at, isRecord, listAt, textAt } from '../../responders/shared/json.ts';

/** What became of the mutants of one file, or of several. */
export interface MutationScore {
  readonly killed: number;
  readonly survived: number;
  /** Mutants that no test reaches: they count as survivors. */
  readonly uncovered: number;
}

const killedAs: ReadonlySet<string | null> = new Set(['Killed', 'Timeout']);

const scoreOf = (mutants: readonly unknown[]): MutationScore => {
  const statuses = mutants.map((mutant) => textAt(mutant, 'status'));
  const count = (holds: (status: string | null) => boolean): number =>
    statuses.filter(holds).length;
  return {
    killed: count((status) => killedAs.has(status)),
    survived: count((status) => status === 'Survived'),
    uncovered: count((status) => status === 'NoCoverage'),
  };
};

/** The scores in a report of Stryker, by file. */
export const scoresIn = (report: unknown): ReadonlyMap<string, MutationScore> => {
  const files = at(report, 'files');
  if (!isRecord(files)) throw new Error('this is no report of Stryker: it names no files');
  return new Map(
    Object.entries(files).map(([file, of]) => [file, scoreOf(listAt(of, 'mutants'))] as const),
  );
};

export const together = (scores: Iterable<MutationScore>): MutationScore =>
  [...scores].reduce(
    (sum, { killed, survived, uncovered }) => ({
      killed: sum.killed + killed,
      survived: sum.survived + survived,
      uncovered: sum.uncovered + uncovered,
    }),
    { killed: 0, survived: 0, uncovered: 0 },
  );

/** The share of mutants that a test noticed, in percent; of none at all it is 100. */
export const percentOf = ({ killed, survived, uncovered }: MutationScore): number => {
  const judged = killed + survived + uncovered;
  return judged === 0 ? 100 : (100 * killed) / judged;
};

export const scoreText = (name: string, score: MutationScore): string => {
  const { killed, survived, uncovered } = score;
  return (
    `${percentOf(score).toFixed(1).padStart(5)} %  ${name}: ${killed} killed, ` +
    `${survived} survived, ${uncovered} reached by no test`
  );
};
