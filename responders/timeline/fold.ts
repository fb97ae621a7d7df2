import type { TimelineEvent, TimelineRow } from './timeline.ts';

/** Calls of one kind that follow each other within this time are one burst. */
const pauseMs = 60_000;

interface Open {
  readonly first: TimelineEvent;
  last: TimelineEvent;
  count: number;
  readonly resources: Set<string>;
}

/** Calls that agree in all of these become one row. */
const sameInRow = [
  'whose',
  'origin',
  'actor',
  'key',
  'action',
  'outcome',
  'sourceIp',
  'userAgent',
  'phase',
  'region',
  'account',
] as const satisfies readonly (keyof TimelineEvent)[];

const kindOf = (event: TimelineEvent): string =>
  JSON.stringify(sameInRow.map((field) => event[field]));

const rowOf = ({ first, last, count, resources }: Open): TimelineRow => {
  const { parameters: _parameters, ...row } = first;
  return {
    ...row,
    until: last.until ?? last.at,
    count,
    resources: [...resources].slice(0, 5),
    distinct: resources.size,
  };
};

/**
 * Rows for reading, in order of their first call. A marked call stays a row of its own, because it
 * proves something, and so does a count; bursts of several kinds may run side by side.
 */
export const fold = (events: readonly TimelineEvent[]): readonly TimelineRow[] => {
  const [rows, open]: [Open[], Map<string, Open>] = [[], new Map()];
  for (const event of events) {
    const kind = kindOf(event);
    const isSingle = event.mark === undefined && event.count === undefined;
    const burst = isSingle ? open.get(kind) : undefined;
    if (burst && Date.parse(event.at) - Date.parse(burst.last.at) <= pauseMs) {
      burst.last = event;
      burst.count += 1;
      for (const resource of event.resources) burst.resources.add(resource);
      continue;
    }
    const resources = new Set(event.resources);
    const started = { first: event, last: event, count: event.count ?? 1, resources };
    rows.push(started);
    if (isSingle) open.set(kind, started);
    else open.delete(kind);
  }
  return rows.map(rowOf);
};
