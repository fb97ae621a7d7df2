import { cell } from '../shared/csv.ts';
import type { TimelineEvent } from './timeline.ts';

const columns = {
  at: ({ at }) => at,
  whose: ({ whose }) => whose,
  actor: ({ actor }) => actor,
  action: ({ action }) => action,
  resources: ({ resources }) => resources.join(' '),
  outcome: ({ outcome }) => outcome,
  phase: ({ phase }) => phase,
  mark: ({ mark = '' }) => mark,
  techniques: ({ techniques }) => techniques.join(' '),
  sourceIp: ({ sourceIp }) => sourceIp,
  userAgent: ({ userAgent }) => userAgent,
  key: ({ key }) => key,
  account: ({ account }) => account,
  region: ({ region }) => region,
  parameters: ({ parameters }) => parameters,
  id: ({ id }) => id,
  origin: ({ origin = '' }) => origin,
  count: ({ count = 1 }) => String(count),
  until: ({ at, until = at }) => until,
} as const satisfies Record<string, (event: TimelineEvent) => string>;

const line = (event: TimelineEvent): string =>
  Object.values(columns)
    .map((column) => cell(column(event)))
    .join(',');

/** Every call, one line each: nothing is folded here. Only what was counted shares a line. */
export const toCsv = (events: readonly TimelineEvent[]): string =>
  [Object.keys(columns).join(','), ...events.map(line)].join('\r\n').concat('\r\n');
