import { listAt, numberAt, textAt } from '../shared/json.ts';

/** The approval of one person, where two must approve. */
export interface GivenYes {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  /** What two signatures of one person have in common. */
  readonly person: string;
  /** The digest of its proof: the same proof again is the same yes. */
  readonly mark: string;
  /** What was asked: a yes to another round or revision is none to this one. */
  readonly round: number;
  readonly revisions: number;
}

/** What says which yeses count. */
export interface QuestionOfTwo {
  readonly round: number;
  readonly finding: { readonly revisions: number };
  readonly yeses?: readonly GivenYes[];
  readonly yesesSince?: number;
}

/** The yeses that count for the question as it is asked now. */
export const countedYeses = ({
  round,
  finding,
  yeses = [],
  yesesSince = 0,
}: QuestionOfTwo): readonly GivenYes[] =>
  yeses.filter(
    (yes) => yes.round === round && yes.revisions === finding.revisions && yes.at > yesesSince,
  );

/** Reads what was stored. */
export const yesesFrom = (stored: unknown): readonly GivenYes[] =>
  listAt({ stored }, 'stored').map((yes) => {
    const text = (name: string) => textAt(yes, name) ?? '';
    const number = (name: string) => numberAt(yes, name) ?? 0;
    return {
      at: number('at'),
      by: text('by'),
      reason: text('reason'),
      person: text('person'),
      mark: text('mark'),
      round: number('round'),
      revisions: number('revisions'),
    };
  });
