import { cell } from '../shared/csv.ts';
import type { TimelineRow } from '../timeline/timeline.ts';
import type { ReportInput } from './input.ts';
import { showWith } from './shown.ts';

const columns = [
  'at',
  'until',
  'count',
  'whose',
  'actor',
  'account',
  'region',
  'action',
  'resources',
  'sourceIp',
  'userAgent',
  'outcome',
  'phase',
  'techniques',
  'mark',
  'id',
  'origin',
] as const;

const textOf = (row: TimelineRow, column: (typeof columns)[number]): string => {
  const cellValue = row[column] ?? '';
  return Array.isArray(cellValue) ? cellValue.join(' ') : String(cellValue);
};

/** The rows of the timeline for a spreadsheet; bursts are folded, secrets masked. */
export const reportCsv = ({ timeline, place }: ReportInput): string => {
  const show = showWith(place.mask);
  const rows = timeline.ok ? timeline.timeline.rows : [];
  const lines = rows.map((row) =>
    columns.map((column) => cell(show(textOf(row, column), 500))).join(','),
  );
  return `${[columns.join(','), ...lines].join('\r\n')}\r\n`;
};
