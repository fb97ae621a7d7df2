import type { ShownEvent } from './shown-event.ts';

/** As in the report: calls of one kind that follow each other within this time are one row. */
const pauseMs = 60_000;
const mostResources = 20;

interface Burst {
  readonly first: ShownEvent;
  readonly events: ShownEvent[];
}

const kindOf = ({ who, action, outcome, actor, key, sourceIp, userAgent }: ShownEvent): string =>
  [who, action, outcome, actor, key, sourceIp, userAgent].join('\n');

/** A mark proves something, a count stands for many calls already, and a decision is one. */
const staysAlone = ({ mark, count, isDecision }: ShownEvent): boolean =>
  mark !== '' || count > 1 || isDecision;

const rowOf = ({ first, events }: Burst): ShownEvent => {
  const last = events.at(-1);
  if (events.length === 1 || last === undefined) return first;
  return {
    ...first,
    until: last.until,
    untilMs: last.untilMs,
    count: events.length,
    resources: [...new Set(events.flatMap(({ resources }) => resources))].slice(0, mostResources),
    raw: events.flatMap(({ raw }) => raw),
  };
};

/** Repeats become one row with a count; bursts of several kinds may run side by side. */
export const folded = (events: readonly ShownEvent[]): readonly ShownEvent[] => {
  const [bursts, open]: [Burst[], Map<string, Burst>] = [[], new Map()];
  for (const event of events) {
    const kind = kindOf(event);
    const isAlone = staysAlone(event);
    const burst = isAlone ? undefined : open.get(kind);
    const last = burst?.events.at(-1);
    if (burst && last && event.atMs - last.atMs <= pauseMs) {
      burst.events.push(event);
      continue;
    }
    const started = { first: event, events: [event] };
    bursts.push(started);
    if (isAlone) open.delete(kind);
    else open.set(kind, started);
  }
  return bursts.map(rowOf);
};
