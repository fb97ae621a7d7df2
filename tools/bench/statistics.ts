/** What was measured, without hiding the spread. */
export interface Spread {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number =>
    rounded(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
  return { count: sorted.length, min: at(0), p50: at(0.5), p99: at(0.99), max: at(1) };
};

export const inWords = ({ count, min, p50, p99, max }: Spread): string =>
  `min ${min}, p50 ${p50}, p99 ${p99}, max ${max} (${count} runs)`;

/** One line of the table; `measured` is judged against `most`, and without one it is only told. */
export interface Line {
  readonly what: string;
  readonly unit: string;
  readonly measured: number;
  readonly most?: number;
  readonly detail?: string;
}

export const missed = ({ measured, most }: Line): boolean =>
  most !== undefined && !(measured <= most);

export const table = (lines: readonly Line[]): string => {
  const rows = [
    ['', 'what', 'target', 'measured', ''],
    ...lines.map((line) => [
      line.most === undefined ? '·' : missed(line) ? 'MISSED' : 'ok',
      line.what,
      line.most === undefined ? '' : `≤ ${line.most} ${line.unit}`,
      `${rounded(line.measured)} ${line.unit}`,
      line.detail ?? '',
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};
