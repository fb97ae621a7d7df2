import { setTimeout as sleep } from 'node:timers/promises';
import { lookBackOf } from '../../incident/look-back.ts';
import { type HistoryPage, historyPages } from '../../shared/event-history.ts';
import type { Collecting, Collector, CollectorOutput } from '../collector.ts';
import { reasonOf } from './parts/answer.ts';
import { type EventLookup, lookupsOf } from './parts/lookups.ts';

/**
 * AWS allows two requests a second for an account and region, and the timeline wants some of them.
 */
const pauseMs = 600;
const mostPages = 10;

/** The records as CloudTrail wrote them, a line each. */
const extract = async function* (
  { name, attribute }: EventLookup,
  start: number,
  { cloudtrail, signal }: Collecting,
): CollectorOutput {
  const lines: string[] = [];
  let lastRead: HistoryPage | undefined;
  let why = 'the files of the trail have all of them';
  try {
    const pages = historyPages(
      { attribute, from: new Date(start) },
      { cloudtrail, mostPages, pause: () => sleep(pauseMs, undefined, { signal }), signal },
    );
    for await (const page of pages) {
      lines.push(...page.records.map((record) => `${record.replaceAll('\n', ' ')}\n`));
      lastRead = page;
    }
  } catch (error) {
    // What came before is evidence all the same.
    if (lines.length === 0) throw error;
    why = reasonOf(error);
  }
  yield {
    path: `cloudtrail/${name}.jsonl`,
    type: 'application/jsonl',
    source: 'cloudtrail:LookupEvents',
    requestId: lastRead?.metadata.requestId ?? null,
    body: lines.join(''),
  };
  if (lastRead?.isLast === false)
    yield {
      kind: 'incomplete',
      what: `CloudTrail records ${name}`,
      why: `only the newest ${lines.length} are here: ${why}`,
    };
};

export const cloudtrail: Collector = {
  id: 'collect.cloudtrail',
  title: 'CloudTrail records of the session and about its function and role, as they were written',
  when: 'sealing',
  about: 'incident',
  calls: [{ on: 'cloudtrail:*', may: ['LookupEvents'] }],
  async *collect(incident, from) {
    const { clocks, openedAt } = incident.head;
    const first = (clocks.activity ?? Date.parse(openedAt)) - lookBackOf(incident.head);
    const start = first - (first % 1_000); // CloudTrail's times are whole seconds
    const wanted = lookupsOf(incident);
    for (const [index, lookup] of wanted.entries())
      try {
        if (index > 0) await sleep(pauseMs, undefined, { signal: from.signal });
        yield* extract(lookup, start, from);
      } catch (error) {
        yield { what: `CloudTrail records ${lookup.name}`, why: reasonOf(error) };
      }
    yield {
      what: 'CloudTrail data events',
      why: 'the event history has management events only; records can be 15 minutes late',
      always: true,
    };
  },
};
