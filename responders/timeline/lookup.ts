import type { CloudTrailClient, LookupAttributeKey } from '@aws-sdk/client-cloudtrail';
import { historyPages, recordsPerPage } from '../shared/event-history.ts';
import { type Call, callOf } from './call.ts';
import { type Circle, widen } from './circle.ts';
import type { AskedQuestion } from './timeline.ts';

export interface History {
  readonly cloudtrail: CloudTrailClient;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly from: string;
  readonly to: string;
}

export interface HistoryCalls {
  readonly calls: readonly Call[];
  readonly circle: Circle;
  readonly asked: readonly AskedQuestion[];
}

/** AWS allows two requests a second for an account and region. */
const pauseMs = 500;
const mostPages = 20;
/**
 * Each costs half a second of the time to the first report; the second pass asks about all of them.
 */
const mostFollowed = 6;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const lookUp = async (
  key: LookupAttributeKey,
  value: string,
  { cloudtrail, sleep, from, to }: History,
): Promise<{ calls: Call[]; asked: AskedQuestion }> => {
  const calls: Call[] = [];
  const began = Date.now();
  const pages = historyPages(
    {
      attribute: { AttributeKey: key, AttributeValue: value },
      from: new Date(from),
      to: new Date(to),
    },
    { cloudtrail, mostPages, pause: () => sleep(pauseMs) },
  );
  let isComplete = true;
  for await (const { records, isLast } of pages) {
    calls.push(...records.flatMap((record) => callOf(parsed(record)) ?? []));
    isComplete = isLast;
  }
  const state = isComplete
    ? { state: 'complete' as const }
    : {
        state: 'cut off' as const,
        why: `more than ${mostPages * recordsPerPage} events: the oldest are left out`,
      };
  return {
    calls,
    asked: {
      id: `${key} ${value}`,
      source: 'LookupEvents',
      ...state,
      rows: calls.length,
      bytes: 0,
      ms: Date.now() - began,
    },
  };
};

/**
 * Pass 1: CloudTrail's event history, which is there without a trail and a little earlier than its
 * files. Management events of this region only. A lookup finds sessions by name, so strangers of
 * the same name come along and are left out later.
 */
export const lookUpAll = async (
  start: Circle,
  sessions: readonly string[],
  history: History,
): Promise<HistoryCalls> => {
  const [calls, asked]: [Call[], AskedQuestion[]] = [[], []];
  const add = async (key: LookupAttributeKey, value: string): Promise<void> => {
    if (asked.length > 0) await history.sleep(pauseMs);
    const lookup = await lookUp(key, value, history);
    calls.push(...lookup.calls);
    asked.push(lookup.asked);
  };
  for (const session of sessions) await add('Username', session);
  let circle = widen(start, calls);
  const done = new Set<string>();
  const unasked = (): readonly string[] => [...circle.wanted.keys].filter((key) => !done.has(key));
  for (let [key] = unasked(); key !== undefined && done.size < mostFollowed; [key] = unasked()) {
    done.add(key);
    await add('AccessKeyId', key);
    circle = widen(circle, calls);
  }
  const left = unasked().length;
  const why = `${left} more access keys were found, and their calls were not read`;
  if (left > 0)
    asked.push({
      id: 'further access keys',
      source: 'LookupEvents',
      state: 'cut off',
      why,
      rows: 0,
      bytes: 0,
      ms: 0,
    });
  return { calls, circle, asked };
};
