import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeIndex } from '../../../cli/evidence/index.ts';
import { signedGet } from '../../../local/engine/signed-request.ts';
import { enter } from '../../../responders/evidence/entry.ts';
import { readIndex } from '../../../responders/evidence/index-page.ts';
import { at } from '../../../responders/shared/json.ts';
import { deployed, type OwnDeployed } from '../../support/engine/deployed.ts';
import { aCase } from '../../support/fakes/sources.ts';
import { sized } from '../../support/run.ts';
import {
  bucketOf,
  collect,
  folderOfIncident,
  incidentAbout,
  makeVictim,
  s3Of,
  seal,
} from './incident.ts';

const first = ['first-1', 'first-2', 'first-3'];
const last = ['last-1', 'last-2', 'last-3'];

let cordon: OwnDeployed;
beforeAll(async () => {
  cordon = await deployed();
  for (const name of ['warm', ...first, ...last]) await makeVictim(cordon, name);
});
afterAll(() => cordon?.engine.stop());

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return Math.round(performance.now() - began);
};

/** The shortest time: a busy machine may be slow now and then. */
const quickest = async <T>(
  what: readonly T[],
  takes: (one: T) => Promise<number>,
): Promise<number> => {
  const times: number[] = [];
  for (const one of what) times.push(await takes(one));
  return Math.min(...times);
};

/** The calls that the collecting function has made since. */
const callsSince = async (since: number): Promise<number> => {
  const records: unknown = await (
    await signedGet(cordon, `/_cordon/cloudtrail?since=${since}`)
  ).json();
  const made = (record: unknown): boolean =>
    String(at(record, 'userIdentity.arn')).endsWith('/EvidenceCollectionLambda');
  return Array.isArray(records) ? records.filter(made).length : Number.NaN;
};

/** How long one incident takes from collecting to sealed, and how many calls. */
const incidentTakes = async (
  name: string,
): Promise<{ readonly ms: number; readonly calls: number }> => {
  const incident = await incidentAbout(cordon, name);
  const began = Date.now();
  const ms = await timed(async () => {
    await collect(cordon, incident);
    await seal(cordon, incident);
  });
  return { ms, calls: await callsSince(began) };
};

/**
 * The least of several: a busy machine may be slow now and then, and a call that failed is made
 * again.
 */
const leastOf = async (names: readonly string[]) => {
  const taken = [];
  for (const name of names) taken.push(await incidentTakes(name));
  return {
    ms: Math.min(...taken.map(({ ms }) => ms)),
    calls: Math.min(...taken.map(({ calls }) => calls)),
  };
};

const sealed = { sequence: 1, sha256: 'ab'.repeat(32), objects: 44, bytes: 1_000_000, gaps: 2 };

const add = async (number: number): Promise<void> => {
  const [month, day] = [1 + (number % 9), 1 + (number % 28)].map((part) =>
    String(part).padStart(2, '0'),
  );
  const id = `inc-2026${month}${day}-${String(number).padStart(8, '0')}`;
  const to = { s3: s3Of(cordon), bucket: bucketOf(cordon) };
  const { head } = aCase({ id });
  await enter(to, head, null);
  await enter(to, head, sealed);
  await to.s3.send(
    new PutObjectCommand({
      Bucket: to.bucket,
      Key: `${folderOfIncident(id)}manifest.json`,
      Body: '{}',
      IfNoneMatch: '*',
    }),
  );
};

/** The bench fills the bucket in full. */
const many = sized(200, 1_000);

it(`with ${many} incidents in the bucket, one more takes as many calls as the first`, {
  timeout: sized(900_000, 3_600_000),
}, async () => {
  await incidentTakes('warm');
  const before = await leastOf(first);
  for (let start = 0; start < many; start += 20)
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(start + index)));
  const after = await leastOf(last);
  const to = { s3: s3Of(cordon), bucket: bucketOf(cordon) };
  const page = await quickest([1, 2, 3], () =>
    timed(async () => expect((await readIndex(to, { span: '2026' })).rows).toHaveLength(50)),
  );
  const dir = mkdtempSync(join(tmpdir(), 'cordon-index-'));
  const all = await timed(() => writeIndex(to, dir, {}));
  rmSync(dir, { recursive: true });

  process.stdout.write(
    `collected and sealed in ${before.ms} ms and ${before.calls} calls with 4 incidents in the ` +
      `bucket, ${after.ms} ms and ${after.calls} calls with ${many + 6}; ` +
      `index page: ${page} ms; all pages on disk: ${all} ms\n`,
  );
  expect(before.calls).toBeGreaterThan(20);
  expect(after.calls).toBeLessThanOrEqual(before.calls + 2); // and not one for each incident
  // A ratio is for the bench, which has a quiet machine and a full bucket.
  if (many === 1_000) expect(after.ms / before.ms).toBeLessThan(2.5);
});
