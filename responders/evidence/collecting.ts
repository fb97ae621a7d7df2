import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { Case, Head } from '../incident/case.ts';
import type { Entry, Gap } from '../incident/evidence.ts';
import type { Suspect } from '../incident/suspect.ts';
import { within } from '../shared/attempt.ts';
import type { Collecting, Collector, Sources } from './collector.ts';
import { storeDownload } from './download.ts';
import { enter } from './entry.ts';
import { reasonOf } from './sources/parts/answer.ts';
import { keyOf, type Store, store } from './store.ts';
import { type CollectionSubject, subjectsOf } from './subjects.ts';

export interface CollectDeps {
  readonly to: Store;
  /** Clients in the region of the suspect’s function. */
  readonly sourcesFor: (suspect: Suspect | null) => Sources;
  readonly limits?: Limits;
}

/** What a slow source may cost the others. */
export interface Limits {
  readonly perCollectorMs: number;
  readonly allMs: number;
  readonly atOnce: number;
}

export interface Collection {
  readonly entries: readonly Entry[];
  readonly gaps: readonly Gap[];
}

/** Together they end before the function does, which ends before the state machine gives up. */
export const usualLimits: Limits = { perCollectorMs: 75_000, allMs: 110_000, atOnce: 6 };

/** What was stored for a path, even if other bytes lie there. */
const entryAt = (entries: readonly Entry[], head: Head, path: string): Entry | undefined =>
  entries.find(({ key, insteadOf }) => insteadOf === path || key === keyOf(head, path));

const readingBack = (
  { incident: { head }, folder }: CollectionSubject,
  { s3, bucket }: Store,
  entries: readonly Entry[],
  signal: AbortSignal,
): Pick<Collecting, 'readBack' | 'sizeOf'> => ({
  readBack: async (path, start, length) => {
    const stored = `${folder}${path}`;
    const Key = entryAt(entries, head, stored)?.key ?? keyOf(head, stored);
    const Range = `bytes=${start}-${start + length - 1}`;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, Range }), {
      abortSignal: signal,
    });
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  },
  sizeOf: (path) => entryAt(entries, head, `${folder}${path}`)?.bytes,
});

/** A collector, and whom it reads of. */
interface Job {
  readonly collector: Collector;
  readonly subject: CollectionSubject;
}

interface Result {
  readonly entries: Entry[];
  readonly gaps: Gap[];
}

/**
 * One collector, piece by piece. After its time it stores nothing more, whatever it is still
 * waiting for.
 */
const work = async (
  { collector, subject }: Job,
  { to, sourcesFor }: CollectDeps,
  { entries, gaps }: Result,
  signal: AbortSignal,
) => {
  const sources = sourcesFor(subject.suspect);
  const from: Collecting = { ...sources, signal, ...readingBack(subject, to, entries, signal) };
  const { incident, folder, named } = subject;
  let startedAt = sources.now();
  const told = (gap: Gap): number =>
    gaps.push({ collector: collector.id, ...gap, what: `${named}${gap.what}` });
  for await (const collected of collector.collect(incident, from)) {
    if (signal.aborted) return;
    const origin = { collector: collector.id, startedAt, signal };
    if ('why' in collected) {
      told(collected);
      continue;
    }
    const path = `${folder}${collected.path}`;
    try {
      if ('open' in collected) {
        const piece = { ...collected, path };
        const { entry, gap } = await storeDownload(to, incident.head, piece, origin);
        entries.push(entry);
        if (gap) gaps.push({ collector: collector.id, ...gap });
      } else entries.push(await store(to, incident.head, { ...collected, path }, origin));
    } catch (error) {
      gaps.push({
        collector: collector.id,
        what: path,
        why: `it could not be stored: ${reasonOf(error)}`,
      });
    }
    startedAt = sources.now();
  }
};

const bounded = async (job: Job, deps: CollectDeps, ms: number): Promise<Result> => {
  const result: Result = { entries: [], gaps: [] };
  const stop = new AbortController();
  try {
    if (ms <= 0) throw new Error('no time was left to read it');
    await within(ms, work(job, deps, result, stop.signal));
  } catch (error) {
    const some = result.entries.length > 0 && ({ kind: 'incomplete' } as const);
    result.gaps.push({
      collector: job.collector.id,
      ...some,
      what: `${job.subject.named}${job.collector.title}`,
      why: reasonOf(error),
    });
  }
  stop.abort();
  return { entries: [...result.entries], gaps: [...result.gaps] };
};

/** The index only helps to find: without this line the evidence is as good. */
export const entered = async (to: Store, head: Head): Promise<Gap[]> => {
  try {
    return await enter(to, head, null);
  } catch (error) {
    return [
      {
        what: 'the line of this incident in the index',
        why: `it could not be stored: ${reasonOf(error)}`,
      },
    ];
  }
};

/** Removes duplicates: several collectors begin with the same call and report the same gap. */
const once = (gaps: readonly Gap[]): Gap[] =>
  [
    ...new Map(gaps.toReversed().map((gap) => [`${gap.what}\n${gap.why}`, gap])).values(),
  ].toReversed();

/** The first suspect by all collectors, then the others by those that read of their kind. */
const jobsOf = (incident: Case, list: readonly Collector[]): readonly Job[] => {
  const [first, ...others] = subjectsOf(incident);
  const reads = ({ about }: Collector, { suspect }: CollectionSubject): boolean =>
    about !== 'incident' && suspect !== null && about.includes(suspect.kind);
  return [
    ...list.map((collector) => ({ collector, subject: first })),
    ...others.flatMap((subject) =>
      list
        .filter((collector) => reads(collector, subject))
        .map((collector) => ({ collector, subject })),
    ),
  ];
};

/**
 * All collectors, some at once. One that fails, is denied or hangs is a gap with a reason, never a
 * failed incident.
 */
export const collectAll = async (
  incident: Case,
  list: readonly Collector[],
  deps: CollectDeps,
): Promise<Collection> => {
  const { perCollectorMs, allMs, atOnce } = deps.limits ?? usualLimits;
  const end = performance.now() + allMs;
  const results: Result[] = [];
  const waiting = [...jobsOf(incident, list).entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, job] = next;
      results[index] = await bounded(
        job,
        deps,
        Math.floor(Math.min(perCollectorMs, end - performance.now())),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return {
    entries: results.flatMap(({ entries }) => entries),
    gaps: once(results.flatMap(({ gaps }) => gaps)),
  };
};
