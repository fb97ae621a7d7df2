import type { TimelineEvent } from '../core/timeline.ts';

const columns = ['at', 'action', 'outcome', 'phase', 'resources', 'sourceIp', 'userAgent', 'id'] as const;

/** A cell that a spreadsheet takes as text: a leading `=`, `+`, `-`, `@` or control character would be a formula. */
const cell = (value: string): string => `"${(/^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`;

export const toCsv = (events: readonly TimelineEvent[]): string =>
  [columns.join(','), ...events.map((event) => columns.map((column) => cell(event[column])).join(','))].join('\r\n').concat('\r\n');
