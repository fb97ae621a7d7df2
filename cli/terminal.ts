/** What tells a program whether to use colours. */
interface ColourVariables {
  readonly FORCE_COLOR?: string | undefined;
  readonly NO_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
}

/**
 * Whether to print colours. FORCE_COLOR decides first, as in Node.js, then NO_COLOR, then whether a
 * terminal reads the stream.
 */
export const coloursOf = (
  { FORCE_COLOR: force, NO_COLOR: no, TERM: term }: ColourVariables,
  isTerminal: boolean | undefined,
): boolean => {
  if (force !== undefined) return !['0', 'false'].includes(force);
  if (no) return false;
  return isTerminal === true && term !== 'dumb';
};

const ansi = { good: 32, warn: 33, bad: 31 } as const;

export type Colour = keyof typeof ansi;

export const painted = (text: string, colour: Colour): string =>
  `\u001b[${ansi[colour]}m${text}\u001b[0m`;

/** Below this many columns for text, a deep indentation is given up. */
const leastText = 16;

/** Cuts at the last space that fits, or in the middle of a word that is longer than the line. */
const cut = (text: string, width: number): readonly [head: string, rest: string] => {
  const space = text.lastIndexOf(' ', width);
  return space > 0
    ? [text.slice(0, space).trimEnd(), text.slice(space + 1).trimStart()]
    : [text.slice(0, width), text.slice(width)];
};

/** Where a value begins that two blanks divide from its label, if each of its words fits there. */
const valueAt = (line: string, columns: number): number | undefined => {
  const label = /^ *\S+(?: \S+)* {2,}(?=\S)/.exec(line)?.[0];
  if (label === undefined) return undefined;
  const longest = Math.max(
    ...line
      .slice(label.length)
      .split(' ')
      .map((word) => word.length),
  );
  return longest <= columns - label.length ? label.length : undefined;
};

const wrapLine = (line: string, columns: number): readonly string[] => {
  if (line.length <= columns) return [line];
  const own = /^ */.exec(line)?.[0].length ?? 0;
  const places = [valueAt(line, columns), own + 2];
  const below = places.find((at) => at !== undefined && columns - at >= leastText) ?? 0;
  const indent = below === 0 ? 0 : own;
  const hanging = ' '.repeat(below);
  let [head, rest] = cut(line.slice(own), columns - indent);
  const lines = [`${' '.repeat(indent)}${head}`];
  while (rest !== '') {
    [head, rest] =
      rest.length <= columns - hanging.length ? [rest, ''] : cut(rest, columns - hanging.length);
    lines.push(`${hanging}${head}`);
  }
  return lines;
};

/** The text in a terminal of this width: continuation lines are indented by two more columns. */
export const wrapped = (text: string, columns: number | undefined): string =>
  columns === undefined
    ? text
    : text
        .split('\n')
        .flatMap((line) => wrapLine(line, columns))
        .join('\n');

/** Rows of cells, aligned; the last column is not padded. */
const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = (rows[0] ?? []).map((_cell, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
};

/** One row below the other, each cell on a line of its own beside its title. */
const stacked = ([titles = [], ...rows]: readonly (readonly string[])[]): string => {
  const width = Math.max(...titles.map((title) => title.length));
  return rows
    .map((row) =>
      row
        .flatMap((cell, index) =>
          cell === '' ? [] : [`${(titles[index] ?? '').padEnd(width)}  ${cell}`],
        )
        .join('\n'),
    )
    .join('\n\n');
};

/** The first cells of each row as a table, and below each row its other cells with their titles. */
const folded = (rows: readonly (readonly string[])[], beside: number): string => {
  const [titles = []] = rows;
  const lines = aligned(rows.map((row) => row.slice(0, beside)));
  return rows
    .flatMap((row, index) => {
      const rest = row
        .slice(beside)
        .flatMap((cell, column) => (cell === '' ? [] : [`${titles[beside + column]}: ${cell}`]));
      const below = index === 0 || rest.length === 0 ? [] : [`  ${rest.join('; ')}`];
      return [lines[index] ?? '', ...below];
    })
    .join('\n');
};

/** How many columns fit into the width, from the first on. */
const fitting = (rows: readonly (readonly string[])[], width: number): number => {
  const isTooWide = (beside: number): boolean =>
    aligned(rows.map((row) => row.slice(0, beside))).some((line) => line.length > width);
  let beside = rows[0]?.length ?? 0;
  while (beside > 0 && isTooWide(beside)) beside -= 1;
  return beside;
};

/**
 * A table with a row of titles. In a narrower terminal the last cells of a row stand below it;
 * where not even two columns fit, each row becomes a list.
 */
export const columns = (
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string => {
  const beside = width === undefined ? rows[0]?.length : fitting(rows, width);
  if (beside === undefined || beside === rows[0]?.length) return aligned(rows).join('\n');
  return beside < 2 ? stacked(rows) : folded(rows, beside);
};

/** What Node.js knows of an output stream that may be a terminal. */
interface MaybeTerminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** A terminal that says that it is narrower does not know its width. */
const leastColumns = 20;

/** The width of the terminal that reads a stream; none behind a pipe. */
export const widthOf = ({ isTTY, columns: width = 0 }: MaybeTerminal): number | undefined =>
  isTTY && width >= leastColumns ? width : undefined;
