import { type HistoryQuery, type HistoryReader, historyPages } from '../shared/event-history.ts';

export interface Beginning {
  readonly records: readonly string[];
  /** Everything up to this time was read. */
  readonly until: Date;
  readonly requests: number;
}

/** A day is halved into seconds by seventeen requests, a month by twenty-two. */
const mostRequests = 24;
const second = 1_000;

const wholeSecond = (ms: number): number => Math.floor(ms / second) * second;

/**
 * Reads a history from its beginning. CloudTrail gives the newest events first, so a caller who
 * makes enough calls would hide what was before them. The first half of the time is asked for; if
 * one page holds all of it, the other half follows, else the half is halved again.
 */
export const readBeginning = async (
  { attribute, from, to }: HistoryQuery & { readonly to: Date },
  reader: Omit<HistoryReader, 'mostPages'>,
): Promise<Beginning> => {
  const records: string[] = [];
  let [low, high] = [wholeSecond(from.getTime()), wholeSecond(to.getTime())];
  let requests = 0;
  while (high - low >= second && requests < mostRequests) {
    await reader.pause();
    requests += 1;
    const middle = wholeSecond((low + high) / 2);
    const half = { attribute, from: new Date(low), to: new Date(middle) };
    for await (const page of historyPages(half, { ...reader, mostPages: 1 })) {
      records.push(...page.records);
      if (page.isLast) low = middle + second;
      else high = middle;
    }
  }
  return { records, until: new Date(low), requests };
};
