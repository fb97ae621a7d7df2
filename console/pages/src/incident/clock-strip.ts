/** The clocks of an incident that are shown, in epoch ms. */
interface ShownClocks {
  readonly activity: number | null;
  readonly finding: number | null;
  readonly accepted: number | null;
  readonly effective: number | null;
  readonly report1: number | null;
  readonly released: number | null;
}
type ClockId = keyof ShownClocks | 'lastAllowed';

export interface ClockMark {
  readonly id: ClockId;
  readonly label: string;
  readonly at: number | null;
}

/** The moments that answer "how long was it open", in the order in which they come. */
const marks = [
  ['activity', 'Activity'],
  ['finding', 'Finding'],
  ['accepted', 'First change'],
  ['effective', 'Holds'],
  ['lastAllowed', 'Last allowed'],
  ['report1', 'Report'],
  ['released', 'Released'],
] as const satisfies readonly (readonly [ClockId, string])[];

/** Not every incident has these: they are left out, and not said to be still to come. */
const optional: ReadonlySet<ClockId> = new Set(['activity', 'lastAllowed', 'released']);

/** `lastAllowed` is a text of the log; nothing where no call of the suspect was allowed. */
export const marksOf = (clocks: ShownClocks, lastAllowed: string | null): readonly ClockMark[] => {
  const moment = lastAllowed === null ? Number.NaN : Date.parse(lastAllowed);
  const known = { ...clocks, lastAllowed: Number.isFinite(moment) ? moment : null };
  return marks
    .map(([id, label]) => ({ id, label, at: known[id] }))
    .filter(({ id, at }) => at !== null || !optional.has(id));
};

/**
 * How long from one mark to the next that has come; less than nothing where it came before, as a
 * last call does that nobody repeated while containment took hold.
 */
export const sinceBefore = (marked: readonly ClockMark[], index: number): number | null => {
  const at = marked[index]?.at;
  const before = marked.slice(0, index).findLast((mark) => mark.at !== null)?.at;
  return at === null || at === undefined || before === null || before === undefined
    ? null
    : at - before;
};
