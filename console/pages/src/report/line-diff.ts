export interface DiffLine {
  readonly kind: 'same' | 'gone' | 'new';
  readonly text: string;
}

/** Lines that stand together, and how many equal ones were left out before them. */
export interface DiffPart {
  readonly skipped: number;
  readonly lines: readonly DiffLine[];
}

const marked = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] =>
  texts.map((text) => ({ kind, text }));

/** How many leading pairs are equal. */
const equalAhead = (before: readonly string[], after: readonly string[]): number => {
  const most = Math.min(before.length, after.length);
  let count = 0;
  while (count < most && before[count] === after[count]) count += 1;
  return count;
};

/** So many comparisons take a moment only; two texts that need more are shown as a whole. */
const mostCells = 4_000_000;

/** The longest common lines, counted from the end: `table[row * width + column]`. */
const commonTable = (before: readonly string[], after: readonly string[]): Uint32Array => {
  const width = after.length + 1;
  const table = new Uint32Array((before.length + 1) * width);
  for (let row = before.length - 1; row >= 0; row -= 1)
    for (let column = after.length - 1; column >= 0; column -= 1)
      table[row * width + column] =
        before[row] === after[column]
          ? 1 + (table[(row + 1) * width + column + 1] ?? 0)
          : Math.max(table[(row + 1) * width + column] ?? 0, table[row * width + column + 1] ?? 0);
  return table;
};

const changedMiddle = (before: readonly string[], after: readonly string[]): DiffLine[] => {
  if ((before.length + 1) * (after.length + 1) > mostCells)
    return [...marked('gone', before), ...marked('new', after)];
  const [width, table] = [after.length + 1, commonTable(before, after)];
  const lines: DiffLine[] = [];
  let [row, column] = [0, 0];
  while (row < before.length && column < after.length) {
    const text = before[row] ?? '';
    if (text === after[column]) {
      lines.push({ kind: 'same', text });
      [row, column] = [row + 1, column + 1];
    } else if ((table[(row + 1) * width + column] ?? 0) >= (table[row * width + column + 1] ?? 0)) {
      lines.push({ kind: 'gone', text });
      row += 1;
    } else {
      lines.push({ kind: 'new', text: after[column] ?? '' });
      column += 1;
    }
  }
  return [...lines, ...marked('gone', before.slice(row)), ...marked('new', after.slice(column))];
};

/** What has to go from a text, and what has to come, line by line. */
export const lineDiff = (before: string, after: string): readonly DiffLine[] => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const head = equalAhead(old, now);
  const [oldRest, nowRest] = [old.slice(head), now.slice(head)];
  const tail = equalAhead(oldRest.toReversed(), nowRest.toReversed());
  return [
    ...marked('same', old.slice(0, head)),
    ...changedMiddle(
      oldRest.slice(0, oldRest.length - tail),
      nowRest.slice(0, nowRest.length - tail),
    ),
    ...marked('same', oldRest.slice(oldRest.length - tail)),
  ];
};

/** Equal lines that are shown around a change. */
const around = 3;

/** The changes with some lines around each; nothing where both texts are the same. */
export const changesIn = (lines: readonly DiffLine[]): readonly DiffPart[] => {
  const isNear = lines.map(() => false);
  for (const [at, { kind }] of lines.entries())
    if (kind !== 'same') isNear.fill(true, Math.max(0, at - around), at + around + 1);
  const parts: { skipped: number; lines: DiffLine[] }[] = [];
  let skipped = 0;
  for (const [at, line] of lines.entries()) {
    if (isNear[at] !== true) skipped += 1;
    else if (at > 0 && isNear[at - 1] === true) parts.at(-1)?.lines.push(line);
    else {
      parts.push({ skipped, lines: [line] });
      skipped = 0;
    }
  }
  return parts;
};
