import type { Timeline, Whose } from '../api/calls.ts';
import { csvText } from '../parts/csv.ts';

type Raw = Timeline['items'][number];

/** One call, or calls in a row that differ only in time and resource. */
export interface ShownEvent {
  readonly id: string;
  readonly at: string;
  readonly until: string;
  readonly count: number;
  readonly whose: Whose | 'unknown';
  readonly action: string;
  readonly outcome: string;
  readonly mark: string;
  readonly actor: string;
  readonly key: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly resources: readonly string[];
  readonly raw: readonly Raw[];
}

const lanes: Readonly<Record<string, Whose>> = {
  suspect: 'suspect',
  followed: 'followed',
  cordon: 'cordon',
  platform: 'platform',
};

const text = (given: unknown): string => (typeof given === 'string' ? given : '');

/** Reads one event of the timeline; an older Cordon wrote fewer fields. */
export const shownEvent = (raw: Raw, index: number): ShownEvent => ({
  id: text(raw.id) || String(index),
  at: raw.at,
  until: text(raw.until) || raw.at,
  count: typeof raw.count === 'number' ? raw.count : 1,
  whose: lanes[text(raw.whose)] ?? 'unknown',
  ...{ action: raw.action, outcome: raw.outcome, mark: text(raw.mark) },
  ...{ actor: text(raw.actor), key: text(raw.key), sourceIp: text(raw.sourceIp) },
  userAgent: text(raw.userAgent),
  resources: Array.isArray(raw.resources) ? raw.resources.map(String) : [],
  raw: [raw],
});

const isRepeat = (before: ShownEvent | undefined, event: ShownEvent): before is ShownEvent =>
  before !== undefined &&
  before.mark === '' &&
  event.mark === '' &&
  (['whose', 'action', 'outcome', 'actor', 'sourceIp'] as const).every(
    (field) => before[field] === event[field],
  );

/** Repeats in a row become one event with a count. */
export const folded = (events: readonly ShownEvent[]): readonly ShownEvent[] => {
  const rows: ShownEvent[] = [];
  for (const event of events) {
    const before = rows.at(-1);
    if (!isRepeat(before, event)) rows.push(event);
    else
      rows[rows.length - 1] = {
        ...before,
        until: event.until,
        count: before.count + event.count,
        resources: [...new Set([...before.resources, ...event.resources])].slice(0, 20),
        raw: [...before.raw, ...event.raw],
      };
  }
  return rows;
};

/** Whether a word is in what a person pivots on: key, address, resource, actor or call. */
export const hasWord = (event: ShownEvent, word: string): boolean =>
  word === '' ||
  [event.action, event.key, event.sourceIp, event.actor, ...event.resources].some((field) =>
    field.toLowerCase().includes(word),
  );

/** As Timesketch takes it. */
export const csvOf = (events: readonly ShownEvent[]): string =>
  csvText(
    ['message', 'datetime', 'timestamp_desc'],
    events.map(({ at, action, outcome, actor, sourceIp, resources, count }) => {
      const times = count > 1 ? ` (${count} times)` : '';
      const about = resources.length > 0 ? ` on ${resources.slice(0, 3).join(' ')}` : '';
      const message = `${action}${times}${about} by ${actor} from ${sourceIp}: ${outcome}`;
      return [message, at, 'CloudTrail event time'];
    }),
  );
