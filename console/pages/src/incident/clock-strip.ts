import type { Incident } from '../api/calls.ts';

type Clocks = Incident['clocks'];

export interface ClockMark {
  readonly id: keyof Clocks;
  readonly label: string;
  readonly at: number | null;
}

/** The moments that answer "how long was it open", in the order in which they come. */
const marks = [
  ['activity', 'Activity'],
  ['finding', 'Finding'],
  ['accepted', 'First change'],
  ['effective', 'Holds'],
  ['report1', 'Report'],
  ['released', 'Released'],
] as const;

export const marksOf = (clocks: Clocks): readonly ClockMark[] =>
  marks
    .map(([id, label]) => ({ id, label, at: clocks[id] }))
    .filter(({ id, at }) => at !== null || (id !== 'released' && id !== 'activity'));

/** How long from one mark to the next that has come. */
export const sinceBefore = (marked: readonly ClockMark[], index: number): number | null => {
  const at = marked[index]?.at;
  const before = marked.slice(0, index).findLast((mark) => mark.at !== null)?.at;
  return at === null || at === undefined || before === null || before === undefined
    ? null
    : at - before;
};
