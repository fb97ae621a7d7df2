import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { clientConfig } from '../../local/engine/clients.ts';
import type { Athena } from '../../responders/timeline/athena.ts';
import { bounds } from '../../responders/timeline/bounds.ts';
import { inOrder } from '../../responders/timeline/call.ts';
import { alone } from '../../responders/timeline/circle.ts';
import { eventsOf } from '../../responders/timeline/events.ts';
import { search } from '../../responders/timeline/search.ts';
import type { TimelineEvent } from '../../responders/timeline/timeline.ts';
import type { EngineAddress } from './targets.ts';
import { makeTable } from './trail-table.ts';
import { account, attack, attackAt, region, type TrailFile, utc } from './trail-world.ts';

const names = { database: 'bench', name: 'cloudtrail' };

/** The bench's own place: an empty trail's bucket and the table over it. */
export const prepare = async (at: EngineAddress): Promise<void> => {
  await new S3Client(clientConfig(at)).send(new CreateBucketCommand({ Bucket: 'bench-trail' }));
  await makeTable(at, {
    location: 's3://bench-trail/AWSLogs',
    accounts: [account],
    regions: [region, 'us-east-1'],
    database: names.database,
  });
};

/** Puts files there, some at a time. */
export const upload = async (
  at: EngineAddress,
  trail: Iterable<Pick<TrailFile, 'key' | 'body'>>,
): Promise<{ files: number; bytes: number }> => {
  const s3 = new S3Client(clientConfig(at));
  const rest = trail[Symbol.iterator]();
  let [files, bytes] = [0, 0];
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      await s3.send(
        new PutObjectCommand({ Bucket: 'bench-trail', Key: next.value.key, Body: next.value.body }),
      );
      files += 1;
      bytes += next.value.body.length;
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return { files, bytes };
};

export interface SearchMeasurement {
  readonly ms: number;
  readonly bytes: number;
  readonly queries: number;
  /** Of the lines that stand for one call. */
  readonly precision: number;
  readonly recall: number;
  readonly events: number;
  /** Lines that stand for more than one call. */
  readonly counted: readonly TimelineEvent[];
  readonly lines: readonly TimelineEvent[];
  /** Rows that the queries gave. */
  readonly rows: number;
}

/** What pass 2 does with the trail, against what was planted. */
export const ask = async (at: EngineAddress, occasion: string): Promise<SearchMeasurement> => {
  const athena: Athena = {
    client: new AthenaClient(clientConfig(at)),
    workgroup: 'bench',
    database: names.database,
    now: Date.now,
    sleep,
  };
  const session = `arn:aws:sts::${account}:assumed-role/orders-role/orders`;
  const window = bounds({
    accounts: [account],
    regions: [region, 'us-east-1'],
    from: utc(attackAt - 3_600_000),
    to: utc(attackAt + 14 * 3_600_000),
  });
  const start = alone({
    suspects: [{ session, region, role: 'orders-role' }],
    account,
    own: new Set(),
  });
  const began = performance.now();
  const { calls, circle, asked } = await search(start, {
    athena,
    table: names,
    at: window,
    about: new Set(),
    occasion,
    deadline: Date.now() + 600_000,
    moments: [],
  });
  const turns = { began: attackAt, accepted: null, effective: null };
  const events = eventsOf(inOrder(calls), circle.wanted, { turns, about: new Set() });
  const ms = Math.round(performance.now() - began);
  const truth = new Set(attack().map(({ eventID }) => eventID));
  const single = events.filter(({ count = 1 }) => count === 1);
  const hits = single.filter(({ id }) => truth.has(id)).length;
  const bad = asked.find(({ state }) => state !== 'complete');
  if (bad) throw new Error(`${bad.id}: ${bad.why ?? bad.state}`);
  const bytes = asked.reduce((sum, query) => sum + query.bytes, 0);
  return {
    ms,
    bytes,
    queries: asked.length,
    precision: hits / single.length,
    recall: hits / truth.size,
    events: single.length,
    counted: events.filter(({ count = 1 }) => count > 1),
    lines: events,
    rows: asked.reduce((sum, { rows }) => sum + rows, 0),
  };
};
