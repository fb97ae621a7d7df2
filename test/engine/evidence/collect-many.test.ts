import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeIndex } from '../../../cli/evidence-index.ts';
import { enter } from '../../../responders/evidence/entry.ts';
import { readIndex } from '../../../responders/evidence/index-page.ts';
import { aCase } from '../../fakes/sources.ts';
import { type Deployed, deployed } from '../shared/deployed.ts';
import { bucketOf, collect, folderOfIncident, incidentAbout, makeVictim, s3Of, seal } from './incident.ts';

const first = ['first-1', 'first-2', 'first-3'];
const last = ['last-1', 'last-2', 'last-3'];

let cordon: Deployed;
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
const quickest = async <T>(what: readonly T[], takes: (one: T) => Promise<number>): Promise<number> => {
  const times: number[] = [];
  for (const one of what) times.push(await takes(one));
  return Math.min(...times);
};

/** How long one incident takes from collecting to sealed. */
const incidentTakes = async (name: string): Promise<number> => {
  const incident = await incidentAbout(cordon, name);
  return timed(async () => {
    await collect(cordon, incident);
    await seal(cordon, incident);
  });
};

const sealed = { sequence: 1, sha256: 'ab'.repeat(32), objects: 44, bytes: 1_000_000, gaps: 2 };

const add = async (number: number): Promise<void> => {
  const [month, day] = [1 + (number % 9), 1 + (number % 28)].map((part) => String(part).padStart(2, '0'));
  const id = `inc-2026${month}${day}-${String(number).padStart(8, '0')}`;
  const to = { s3: s3Of(cordon), bucket: bucketOf(cordon) };
  const { head } = aCase({ id });
  await enter(to, head, null);
  await enter(to, head, sealed);
  await to.s3.send(new PutObjectCommand({ Bucket: to.bucket, Key: `${folderOfIncident(id)}manifest.json`, Body: '{}', IfNoneMatch: '*' }));
};

it('with 1,000 incidents in the bucket, one more takes as long as the first, and a page of the index is there at once', async () => {
  await incidentTakes('warm');
  const before = await quickest(first, incidentTakes);
  for (let start = 0; start < 1_000; start += 20) await Promise.all(Array.from({ length: 20 }, (_, index) => add(start + index)));
  const after = await quickest(last, incidentTakes);
  const to = { s3: s3Of(cordon), bucket: bucketOf(cordon) };
  const page = await quickest([1, 2, 3], () => timed(async () => expect((await readIndex(to, { span: '2026' })).rows).toHaveLength(50)));
  const dir = mkdtempSync(join(tmpdir(), 'cordon-index-'));
  const all = await timed(() => writeIndex(to, dir, {}));
  rmSync(dir, { recursive: true });

  process.stdout.write(
    `collected and sealed in ${before} ms with 4 incidents in the bucket, ${after} ms with 1,006; index page: ${page} ms; all pages on disk: ${all} ms\n`,
  );
  expect(after).toBeLessThan(2 * before + 1_000);
  expect(page).toBeLessThan(2_000);
  expect(all).toBeLessThan(20_000);
});
