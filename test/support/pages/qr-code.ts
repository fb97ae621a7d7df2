/** The modules of a QR code by row and column, without its border: true is dark. */
type Matrix = readonly (readonly boolean[])[];

/** The blocks of the codewords with the lowest error correction, by version from 1 on. */
const blocksAtLowest: readonly (readonly number[])[] = [
  ...[[19], [34], [55], [80], [108], [68, 68], [78, 78], [97, 97], [116, 116]],
  [68, 68, 69, 69],
];
/** Where the centres of the small squares are, by version from 1 on. */
const alignment: readonly (readonly number[])[] = [
  ...[[], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46]],
  [6, 28, 50],
];
const lowest = 0b01;
const formatMask = 0b101_0100_0001_0010;

const masks: readonly ((row: number, column: number) => number)[] = [
  (row, column) => (row + column) % 2,
  (row) => row % 2,
  (_row, column) => column % 3,
  (row, column) => (row + column) % 3,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2,
  (row, column) => ((row * column) % 2) + ((row * column) % 3),
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2,
];

/** The squares of an SVG path `M0 0h1v1h-1z…` as a matrix. */
export const matrixOfPath = (path: string): Matrix => {
  const squares = [...path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  if (squares.map(([x, y]) => `M${x} ${y}h1v1h-1z`).join('') !== path)
    throw new Error(`not a path of squares: ${path.slice(0, 80)}`);
  const [columns, rows] = [squares.map(([x]) => x), squares.map(([, y]) => y)];
  const [left, top] = [Math.min(...columns), Math.min(...rows)];
  const size = Math.max(...columns) - left + 1;
  const dark = new Set(squares.map(([x, y]) => `${y - top} ${x - left}`));
  return Array.from({ length: size }, (_row, row) =>
    Array.from({ length: size }, (_column, column) => dark.has(`${row} ${column}`)),
  );
};

/** Whether a module belongs to the squares and lines that are the same in every code. */
const isFixed = (
  row: number,
  column: number,
  size: number,
  centres: readonly number[],
): boolean => {
  if (row === 6 || column === 6) return true;
  if ((row < 9 && column < 9) || (row < 9 && column >= size - 8)) return true;
  if (row >= size - 8 && column < 9) return true;
  const hasVersion = size >= 45;
  if (hasVersion && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11)))
    return true;
  const isCorner = (y: number, x: number): boolean =>
    [y, x].every((at) => at === 6 || at === size - 7) && !(y === size - 7 && x === size - 7);
  return centres.some((y) =>
    centres.some((x) => !isCorner(y, x) && Math.abs(row - y) <= 2 && Math.abs(column - x) <= 2),
  );
};

/** The bits of the codewords, from the lower right corner on in columns of two. */
const bitsOf = (matrix: Matrix, centres: readonly number[]): readonly number[] => {
  const size = matrix.length;
  const format = [
    ...(matrix[8]?.slice(0, 6) ?? []),
    matrix[8]?.[7],
    matrix[8]?.[8],
    matrix[7]?.[8],
  ];
  for (const row of [5, 4, 3, 2, 1, 0]) format.push(matrix[row]?.[8]);
  const named = format.reduce((sum, isDark) => sum * 2 + (isDark ? 1 : 0), 0) ^ formatMask;
  if (named >> 13 !== lowest) throw new Error(`error correction ${named >> 13} is not known here`);
  const mask = masks[(named >> 10) & 7];
  const bits: number[] = [];
  const columns = Array.from({ length: size }, (_column, at) => size - 1 - at).filter(
    (column) => column !== 6,
  );
  for (let pair = 0; pair < columns.length; pair += 2)
    for (let step = 0; step < size; step += 1) {
      const row = pair % 4 === 0 ? size - 1 - step : step;
      for (const column of columns.slice(pair, pair + 2)) {
        if (isFixed(row, column, size, centres)) continue;
        bits.push(Number(matrix[row]?.[column] === true) ^ Number(mask?.(row, column) === 0));
      }
    }
  return bits;
};

/** The codewords of the data, block after block: in the code, they take turns. */
const dataOf = (bits: readonly number[], blocks: readonly number[]): readonly number[] => {
  const codewords = Array.from({ length: Math.floor(bits.length / 8) }, (_word, at) =>
    bits.slice(at * 8, at * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );
  const read: number[][] = blocks.map(() => []);
  let at = 0;
  for (let turn = 0; turn < Math.max(...blocks); turn += 1)
    for (const [block, length] of blocks.entries())
      if (turn < length) read[block]?.push(codewords[at++] ?? 0);
  return read.flat();
};

/**
 * The text of a QR code as ISO/IEC 18004 has it: one segment of bytes, with the lowest error
 * correction. Nothing is corrected: what a page draws has no dirt on it.
 */
export const textOfQrCode = (matrix: Matrix): string => {
  const version = (matrix.length - 17) / 4;
  const blocks = blocksAtLowest[version - 1];
  if (blocks === undefined) throw new Error(`version ${version} is not known here`);
  const codewords = dataOf(bitsOf(matrix, alignment[version - 1] ?? []), blocks);
  const stream = codewords.map((word) => word.toString(2).padStart(8, '0')).join('');
  if (!stream.startsWith('0100')) throw new Error('the code has no segment of bytes');
  const head = 4 + (version < 10 ? 8 : 16);
  const length = Number.parseInt(stream.slice(4, head), 2);
  const bytes = Array.from({ length }, (_byte, at) =>
    Number.parseInt(stream.slice(head + at * 8, head + at * 8 + 8), 2),
  );
  return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
};
